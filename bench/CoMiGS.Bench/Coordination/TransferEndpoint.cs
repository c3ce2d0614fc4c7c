using CoMiGS.Transport;

namespace CoMiGS.Bench.Coordination;

/// <summary>A coordinator without rounds: all updates count, and every version of the shared parameters is another one.</summary>
/// <param name="versions">What is shared, in turn.</param>
internal sealed class TransferEndpoint(IReadOnlyList<TensorSet> versions) : ICoordinatorEndpoint
{
    /// <inheritdoc/>
    public Task<CheckInReply> CheckInAsync(CheckIn checkIn, CancellationToken cancellationToken = default) => Task.FromResult<CheckInReply>(new RunFinished(1, 1));

    /// <inheritdoc/>
    public Task<TensorSet> DownloadAsync(DownloadRequest request, CancellationToken cancellationToken = default) => Task.FromResult(versions[(int)(request.Version % versions.Count)]);

    /// <inheritdoc/>
    public Task<UpdateReceipt> UploadAsync(ExpertUpdate update, CancellationToken cancellationToken = default) => Task.FromResult(UpdateReceipt.Counted);
}
