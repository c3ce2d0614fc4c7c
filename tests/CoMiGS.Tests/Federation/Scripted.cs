using CoMiGS.Transport;

namespace CoMiGS.Tests.Federation;

/// <summary>A coordinator that answers from a list, whatever it is asked.</summary>
internal sealed class Scripted(params object[] answers) : IDeviceTransport
{
    private int _next;

    public List<object> Sent { get; } = [];

    public Task<CheckInReply> CheckInAsync(CheckIn checkIn, CancellationToken cancellationToken = default) => Answer<CheckInReply>(checkIn);

    public Task<TensorSet> DownloadAsync(DownloadRequest request, CancellationToken cancellationToken = default) => Answer<TensorSet>(request);

    public Task<UpdateReceipt> UploadAsync(ExpertUpdate update, CancellationToken cancellationToken = default) => Answer<UpdateReceipt>(update);

    private Task<T> Answer<T>(object message)
    {
        Sent.Add(message);
        return answers[_next++] is Exception e ? Task.FromException<T>(e) : Task.FromResult((T)answers[_next - 1]);
    }
}
