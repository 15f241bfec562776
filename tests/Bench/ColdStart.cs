using System.Diagnostics;
using Sidecar.Sandbox.Processes;

namespace Sidecar.Bench;

/// <summary>From the start of both processes to the first answer that came from the simulator: secret, token and request fetched on the way.</summary>
internal sealed record ColdStart(TimeSpan Median, TimeSpan Fastest, TimeSpan Slowest)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static async Task<ColdStart> MeasureAsync(Programs programs, Backend backend, int starts, CancellationToken cancellationToken)
    {
        // The first one reads the binaries from disk and warms the simulator up; it is not counted.
        await OnceAsync(programs, backend, cancellationToken);
        var times = new List<TimeSpan>();
        for (var start = 0; start < starts; start++) times.Add(await OnceAsync(programs, backend, cancellationToken));
        times.Sort();
        return new ColdStart(times[times.Count / 2], times[0], times[^1]);
    }

    private static async Task<TimeSpan> OnceAsync(Programs programs, Backend backend, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        end.CancelAfter(Limit);
        var start = Stopwatch.GetTimestamp();
        await using var pair = RunningPair.Start(programs, backend);
        using var caller = new McpCaller(pair.Mcp, backend.RequestIds);
        try
        {
            await caller.WaitUntilAnsweredAsync(end.Token);
            return Stopwatch.GetElapsedTime(start);
        }
        catch (OperationCanceledException)
        {
            pair.ThrowIfGone();
            throw;
        }
    }
}
