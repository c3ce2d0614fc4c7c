using System.Collections.Concurrent;

namespace CoMiGS.Transport.TestKit;

/// <summary>A coordinator that answers as a test says, and keeps what it heard.</summary>
public sealed class AnsweringCoordinator : ICoordinatorEndpoint
{
    /// <summary>Every message that arrived.</summary>
    public ConcurrentQueue<object> Heard { get; } = [];

    /// <summary>The answer to a check-in.</summary>
    /// <value>Default: the run is over.</value>
    public Func<CheckIn, CancellationToken, Task<CheckInReply>> OnCheckIn { get; init; } = (_, _) => Task.FromResult<CheckInReply>(new RunFinished(1, 0));

    /// <summary>The answer to a download.</summary>
    /// <value>Default: nothing is shared.</value>
    public Func<DownloadRequest, CancellationToken, Task<TensorSet>> OnDownload { get; init; } = (_, _) => Task.FromResult(TensorSet.Empty);

    /// <summary>The answer to an update.</summary>
    /// <value>Default: it counts.</value>
    public Func<ExpertUpdate, CancellationToken, Task<UpdateReceipt>> OnUpload { get; init; } = (_, _) => Task.FromResult(UpdateReceipt.Counted);

    /// <inheritdoc/>
    public Task<CheckInReply> CheckInAsync(CheckIn checkIn, CancellationToken cancellationToken = default)
    {
        Heard.Enqueue(checkIn);
        return OnCheckIn(checkIn, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<TensorSet> DownloadAsync(DownloadRequest request, CancellationToken cancellationToken = default)
    {
        Heard.Enqueue(request);
        return OnDownload(request, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<UpdateReceipt> UploadAsync(ExpertUpdate update, CancellationToken cancellationToken = default)
    {
        Heard.Enqueue(update with { Tensors = update.Tensors.Copy() });
        return OnUpload(update, cancellationToken);
    }
}
