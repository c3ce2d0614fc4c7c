namespace CoMiGS.Transport;

/// <summary>The device's end of a transport: carries three questions to the coordinator and brings its answers.</summary>
/// <remarks>
/// Any number of calls may run at once. A failure of the transport itself is a <see cref="TransportException"/>; a caller may repeat the call,
/// since every message is idempotent. Cancelling a call withdraws it, and leaves nothing half done.
/// </remarks>
public interface IDeviceTransport
{
    /// <summary>Says that the device is ready; may take as long as the coordinator holds the line open.</summary>
    /// <param name="checkIn">Who is ready, and what it would share.</param>
    /// <param name="cancellationToken">Withdraws the check-in.</param>
    /// <returns>What to do.</returns>
    Task<CheckInReply> CheckInAsync(CheckIn checkIn, CancellationToken cancellationToken = default);

    /// <summary>Fetches the shared parameters.</summary>
    /// <param name="request">Which version, for whom.</param>
    /// <param name="cancellationToken">Stops the download.</param>
    /// <returns>That version of the shared parameters, as this device is to have it.</returns>
    /// <exception cref="RefusedException">The coordinator has no such version (any more): check in again.</exception>
    Task<TensorSet> DownloadAsync(DownloadRequest request, CancellationToken cancellationToken = default);

    /// <summary>Delivers the update of a round.</summary>
    /// <param name="update">The update.</param>
    /// <param name="cancellationToken">Stops the upload.</param>
    /// <returns>Whether it counts.</returns>
    Task<UpdateReceipt> UploadAsync(ExpertUpdate update, CancellationToken cancellationToken = default);
}
