using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Sidecar.Tests.Unit.Broker;

/// <summary>A log that keeps its lines.</summary>
internal sealed class NotedLines<T> : ILogger<T>
{
    public ConcurrentQueue<string> Lines { get; } = new();

    public IEnumerable<string> Warnings => Lines.Where(line => line.StartsWith("Warning", StringComparison.Ordinal));

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Lines.Enqueue($"{logLevel}: {formatter(state, exception)} {exception}");
}
