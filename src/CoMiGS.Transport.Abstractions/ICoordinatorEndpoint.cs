namespace CoMiGS.Transport;

/// <summary>What a transport hands its messages to: the coordinator's answers to the three questions of a device.</summary>
/// <remarks>
/// Any number of calls may run at once. The cancellation token of a call stands for the device's connection: when it is cancelled, the
/// device has gone. A message that the coordinator refuses is an answer and never an exception, but for <see cref="RefusedException"/>.
/// </remarks>
public interface ICoordinatorEndpoint
{
    /// <summary>Takes a check-in; may wait for a round to open.</summary>
    /// <param name="checkIn">Who is ready, and what it would share.</param>
    /// <param name="cancellationToken">The device's connection.</param>
    /// <returns>What the device is to do.</returns>
    Task<CheckInReply> CheckInAsync(CheckIn checkIn, CancellationToken cancellationToken = default);

    /// <summary>Hands out the shared parameters.</summary>
    /// <param name="request">Which version, for whom.</param>
    /// <param name="cancellationToken">The device's connection.</param>
    /// <returns>That version of the shared parameters, as this device is to have it.</returns>
    /// <exception cref="RefusedException">There is no such version (any more).</exception>
    Task<TensorSet> DownloadAsync(DownloadRequest request, CancellationToken cancellationToken = default);

    /// <summary>Takes the update of a round.</summary>
    /// <param name="update">The update. Its numbers are the transport's, which may use their memory again once the call has ended: who keeps them takes a <see cref="TensorSet.Copy"/>.</param>
    /// <param name="cancellationToken">The device's connection.</param>
    /// <returns>Whether it counts; the reason if not.</returns>
    Task<UpdateReceipt> UploadAsync(ExpertUpdate update, CancellationToken cancellationToken = default);
}
