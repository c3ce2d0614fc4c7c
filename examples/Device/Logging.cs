using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace CoMiGS.DeviceHost;

/// <summary>A line for each message. What is logged, and how, is a matter of the environment, as with any host: <c>Logging__LogLevel__CoMiGS=Debug</c>.</summary>
internal static class Logging
{
    public static ILoggerFactory ToConsole() => LoggerFactory.Create(logging =>
    {
        logging.AddConfiguration(new ConfigurationBuilder().AddEnvironmentVariables().Build().GetSection("Logging")).AddConsole();
        logging.Services
            .PostConfigure<ConsoleLoggerOptions>(console => console.FormatterName ??= ConsoleFormatterNames.Simple) // the default formatter, unnamed, would not look at its options
            .Configure<SimpleConsoleFormatterOptions>(console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss "));
    });
}
