using Microsoft.Extensions.Logging;

namespace CoMiGS.DeviceHost;

/// <summary>What the program says beside the library's own messages, ids 9000 to 9099.</summary>
internal static partial class DeviceLog
{
    [LoggerMessage(9000, LogLevel.Debug, "Device {Device}: expert step {Step} of the run, loss {Loss:0.000}")]
    public static partial void StepDone(this ILogger logger, string device, long step, double loss);

    [LoggerMessage(9001, LogLevel.Information, "Device {Device}: round {Round} of {Rounds} is trained, loss {Loss:0.000}")]
    public static partial void RoundTrained(this ILogger logger, string device, int round, int rounds, double loss);

    [LoggerMessage(9002, LogLevel.Information, "Device {Device}: the adapters lie in {Folder}")]
    public static partial void AdaptersSaved(this ILogger logger, string device, string folder);

    [LoggerMessage(9003, LogLevel.Warning, "Device {Device}: the coordinator cannot be reached, and is tried again. {Reason}")]
    public static partial void CoordinatorIsAway(this ILogger logger, string device, string reason);

    [LoggerMessage(9004, LogLevel.Information, "Device {Device}: enrolled; its token is good until {Expires}")]
    public static partial void Enrolled(this ILogger logger, string device, DateTimeOffset expires);
}
