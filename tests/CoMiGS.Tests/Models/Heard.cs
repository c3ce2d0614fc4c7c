using Microsoft.Extensions.Logging;

namespace CoMiGS.Tests.Models;

/// <summary>A logger that keeps what it hears.</summary>
internal sealed class Heard : ILogger
{
    public List<string> Messages { get; } = [];

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Messages.Add(formatter(state, exception));
}
