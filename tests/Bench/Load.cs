using System.Diagnostics;

namespace Sidecar.Bench;

/// <summary>What came of many calls by some callers, each of whom calls again as soon as it is answered.</summary>
internal sealed class Load
{
    private readonly TimeSpan[] _sorted;

    private Load(IEnumerable<TimeSpan> times, double perSecond)
    {
        _sorted = [.. times.Order()];
        PerSecond = perSecond;
    }

    /// <summary>Calls answered in a second, by all callers together.</summary>
    public double PerSecond { get; }

    /// <summary>The time within which that percentage of the calls was answered.</summary>
    public TimeSpan At(int percentile) => _sorted[Math.Min(_sorted.Length - 1, _sorted.Length * percentile / 100)];

    public static async Task<Load> RunAsync(Func<int, CancellationToken, Task> call, int callers, int calls, CancellationToken cancellationToken)
    {
        var times = new TimeSpan[calls];
        var next = -1;
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(
            async () =>
            {
                for (int turn; (turn = Interlocked.Increment(ref next)) < calls;)
                {
                    var begun = Stopwatch.GetTimestamp();
                    await call(caller, cancellationToken);
                    times[turn] = Stopwatch.GetElapsedTime(begun);
                }
            },
            cancellationToken)));
        return new Load(times, calls / Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    /// <summary>Several rounds as one: all their times, and the median of their rates.</summary>
    public static Load Together(IReadOnlyCollection<Load> rounds) =>
        new(rounds.SelectMany(round => round._sorted), rounds.Select(round => round.PerSecond).Order().ElementAt(rounds.Count / 2));
}
