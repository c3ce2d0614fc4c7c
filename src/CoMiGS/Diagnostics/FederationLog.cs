using Microsoft.Extensions.Logging;

namespace CoMiGS.Diagnostics;

/// <summary>Log messages of the federation, ids 3000 to 3999. Never text, never tensor content.</summary>
internal static partial class FederationLog
{
    [LoggerMessage(3000, LogLevel.Information, "Coordinator of run {Run}: {Rounds} rounds of {LocalSteps} steps, {Strategy}, at least {MinimumDevices} devices, deadline {Deadline}")]
    public static partial void CoordinatorStarted(this ILogger logger, string run, int rounds, int localSteps, string strategy, int minimumDevices, TimeSpan? deadline);

    [LoggerMessage(3001, LogLevel.Information, "Round {Round} opened with {Devices} devices")]
    public static partial void RoundOpened(this ILogger logger, int round, int devices);

    [LoggerMessage(3002, LogLevel.Information, "Round {Round} closed after {Duration}: {Accepted} updates count, {Missing} devices are missing, version {Version}")]
    public static partial void RoundClosed(this ILogger logger, int round, TimeSpan duration, int accepted, int missing, long version);

    [LoggerMessage(3003, LogLevel.Information, "Run ended after round {Round} with version {Version}")]
    public static partial void RunEnded(this ILogger logger, int round, long version);

    [LoggerMessage(3004, LogLevel.Debug, "Round {Round}: the update of device {Device} counts")]
    public static partial void UpdateAccepted(this ILogger logger, int round, string device);

    [LoggerMessage(3005, LogLevel.Warning, "Round {Round}: the update of device {Device} is refused ({Code}): {Reason}")]
    public static partial void UpdateRefused(this ILogger logger, int round, string device, string code, string reason);

    [LoggerMessage(3006, LogLevel.Warning, "Device {Device} is turned away ({Code}): {Reason}")]
    public static partial void DeviceRefused(this ILogger logger, string device, string code, string reason);

    [LoggerMessage(3007, LogLevel.Information, "Round {Round}: device {Device} joined, since updates are missing")]
    public static partial void DeviceJoined(this ILogger logger, int round, string device);

    [LoggerMessage(3008, LogLevel.Information, "Run {Run} goes on after {Rounds} rounds, from version {Version}. {WaitingFor}")]
    public static partial void CoordinatorGoesOn(this ILogger logger, string run, int rounds, long version, string waitingFor);

    [LoggerMessage(3009, LogLevel.Error, "Run {Run}: the store fails; what waits for it is tried again in {Delay}")]
    public static partial void StoreFails(this ILogger logger, Exception failure, string run, TimeSpan delay);

    [LoggerMessage(3010, LogLevel.Critical, "Run {Run} cannot go on: a round could not be begun or ended. Mend the cause and start the coordinator anew; with a store it goes on where it was")]
    public static partial void RunFailed(this ILogger logger, Exception failure, string run);

    [LoggerMessage(3100, LogLevel.Debug, "Device {Device}: round {Round} of {Rounds} begins from version {Version}")]
    public static partial void DeviceRoundBegins(this ILogger logger, string device, int round, int rounds, long version);

    [LoggerMessage(3101, LogLevel.Debug, "Device {Device}: comes back in {Delay}: {Reason}")]
    public static partial void DeviceWaits(this ILogger logger, string device, TimeSpan delay, string reason);

    [LoggerMessage(3102, LogLevel.Warning, "Device {Device}: the update of round {Round} does not count ({Code}): {Reason}")]
    public static partial void DeviceUpdateNotCounted(this ILogger logger, string device, int round, string code, string reason);

    [LoggerMessage(3103, LogLevel.Information, "Device {Device}: the run is over after {Rounds} rounds, last version {Version}")]
    public static partial void DeviceFinished(this ILogger logger, string device, int rounds, long version);
}
