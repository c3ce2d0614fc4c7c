using CoMiGS.Transport;

namespace CoMiGS.Federation;

/// <summary>Several runs behind one transport: every message goes to the coordinator of the run that it names. Serve it in place of a coordinator.</summary>
/// <example><c>transport.ServeAsync(new RunDirectory([letters, notes]), token)</c></example>
public sealed class RunDirectory : ICoordinatorEndpoint
{
    private readonly Dictionary<string, Coordinator> _coordinators;

    /// <summary>A directory of these runs.</summary>
    /// <param name="coordinators">Their coordinators; they stay with their owner.</param>
    /// <exception cref="ArgumentException">Two lead runs of the same name.</exception>
    public RunDirectory(IEnumerable<Coordinator> coordinators) =>
        _coordinators = coordinators.ToDictionary(coordinator => coordinator.Run, StringComparer.Ordinal);

    /// <inheritdoc/>
    public Task<CheckInReply> CheckInAsync(CheckIn checkIn, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(checkIn);
        return _coordinators.TryGetValue(checkIn.Run, out var coordinator) ? coordinator.CheckInAsync(checkIn, cancellationToken) : Task.FromResult<CheckInReply>(Unknown(checkIn.Run));
    }

    /// <inheritdoc/>
    public Task<TensorSet> DownloadAsync(DownloadRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _coordinators.TryGetValue(request.Run, out var coordinator) ? coordinator.DownloadAsync(request, cancellationToken) : Task.FromException<TensorSet>(new RefusedException(Unknown(request.Run)));
    }

    /// <inheritdoc/>
    public Task<UpdateReceipt> UploadAsync(ExpertUpdate update, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(update);
        return _coordinators.TryGetValue(update.Run, out var coordinator) ? coordinator.UploadAsync(update, cancellationToken) : Task.FromResult(UpdateReceipt.Refuse(RefusalCode.UnknownRun, Unknown(update.Run).Reason));
    }

    private static Refused Unknown(string run) => new(RefusalCode.UnknownRun, $"Nobody leads a run {run} here. Set the device's run to one that was announced.");
}
