using Microsoft.Extensions.Logging;

namespace CoMiGS.Diagnostics;

/// <summary>Log messages of training, ids 2000 to 2999. Never text, never tensor content.</summary>
internal static partial class TrainingLog
{
    [LoggerMessage(2000, LogLevel.Debug, "Device {Device}: router phase of {RouterSteps} steps done after expert step {Step}")]
    public static partial void RouterPhaseDone(this ILogger logger, string device, long step, int routerSteps);

    [LoggerMessage(2001, LogLevel.Information, "Device {Device}: goes on after expert step {Step} from the training state {Path}")]
    public static partial void StateResumed(this ILogger logger, string device, long step, string path);

    [LoggerMessage(2002, LogLevel.Warning, "Device {Device}: the training state {Path} is not used: {Reason}")]
    public static partial void StateRefused(this ILogger logger, string device, string path, string reason);

    [LoggerMessage(2003, LogLevel.Debug, "Device {Device}: training state of expert step {Step} saved as {Path}")]
    public static partial void StateSaved(this ILogger logger, string device, long step, string path);

    [LoggerMessage(2004, LogLevel.Warning, "Device {Device}: the training state was saved with {Saved} threads, but there are {Threads} now, so the last bits of what follows may differ. Set the number of threads to have them equal")]
    public static partial void ThreadsDiffer(this ILogger logger, string device, int saved, int threads);
}
