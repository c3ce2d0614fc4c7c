using Microsoft.Extensions.Logging;

namespace CoMiGS.Transport.Http;

/// <summary>Log messages of the coordinator's end, ids 3200 to 3299. Never tokens, never content.</summary>
internal static partial class HttpTransportLog
{
    [LoggerMessage(3200, LogLevel.Information, "A request is refused with status {Status} {Code}: {Reason}")]
    public static partial void RequestRefused(this ILogger logger, int status, string code, string reason);

    [LoggerMessage(3201, LogLevel.Error, "A request to {Path} failed")]
    public static partial void RequestFailed(this ILogger logger, Exception exception, string path);

    [LoggerMessage(3202, LogLevel.Warning, "An update of {Bytes} bytes from device {Device} cannot be read and is refused ({Code})")]
    public static partial void UpdateUnreadable(this ILogger logger, int bytes, string device, string code);
}
