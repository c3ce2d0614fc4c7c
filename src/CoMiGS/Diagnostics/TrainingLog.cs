using Microsoft.Extensions.Logging;

namespace CoMiGS.Diagnostics;

/// <summary>Log messages of training, ids 2000 to 2999. Never text, never tensor content.</summary>
internal static partial class TrainingLog
{
    [LoggerMessage(2000, LogLevel.Debug, "Device {Device}: router phase of {RouterSteps} steps done after expert step {Step}")]
    public static partial void RouterPhaseDone(this ILogger logger, string device, long step, int routerSteps);
}
