using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Sidecar.Tests.Unit.Shim;

/// <summary>Everything that is logged, whatever the level.</summary>
[ProviderAlias("Lines")]
internal sealed class LogLines : ILoggerProvider, ILogger
{
    public ConcurrentBag<string> All { get; } = [];

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
    {
        All.Add($"{state}");
        return null;
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        All.Add($"{formatter(state, exception)} {exception}");

    public void Dispose()
    {
    }
}
