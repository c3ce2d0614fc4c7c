using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace CoMiGS.Transport.Http.Tests.Faults;

/// <summary>Keeps what a host logs.</summary>
internal sealed class HeardLog : ILoggerProvider, ILogger
{
    public ConcurrentQueue<(int Id, string Text)> Messages { get; } = [];

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Messages.Enqueue((eventId.Id, formatter(state, exception)));

    public void Dispose()
    {
        // It holds nothing but text.
    }
}
