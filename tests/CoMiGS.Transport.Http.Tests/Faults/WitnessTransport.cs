using System.Collections.Concurrent;

namespace CoMiGS.Transport.Http.Tests.Faults;

/// <summary>A device's transport, and a list of every update whose device was told that it counts.</summary>
/// <param name="inner">The transport.</param>
/// <param name="acknowledged">The list.</param>
internal sealed class WitnessTransport(IDeviceTransport inner, ConcurrentQueue<ExpertUpdate> acknowledged) : IDeviceTransport
{
    public Task<CheckInReply> CheckInAsync(CheckIn checkIn, CancellationToken cancellationToken = default) => inner.CheckInAsync(checkIn, cancellationToken);

    public Task<TensorSet> DownloadAsync(DownloadRequest request, CancellationToken cancellationToken = default) => inner.DownloadAsync(request, cancellationToken);

    public async Task<UpdateReceipt> UploadAsync(ExpertUpdate update, CancellationToken cancellationToken = default)
    {
        var receipt = await inner.UploadAsync(update, cancellationToken);
        if (receipt.Accepted)
        {
            acknowledged.Enqueue(update);
        }

        return receipt;
    }
}
