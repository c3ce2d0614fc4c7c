using Microsoft.Extensions.Logging;

namespace CoMiGS.Observability;

/// <summary>Log messages, ids 3300 to 3399.</summary>
internal static partial class ObservabilityLog
{
    [LoggerMessage(3300, LogLevel.Warning, "The live page begins without the rounds before: {Path} cannot be read")]
    public static partial void HistoryUnread(this ILogger logger, Exception exception, string path);

    [LoggerMessage(3301, LogLevel.Warning, "Round {Round} is not written to {Path}: after a restart the live page will lack it")]
    public static partial void HistoryUnwritten(this ILogger logger, Exception exception, int round, string path);
}
