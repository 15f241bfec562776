using System.Globalization;
using Sidecar.Sandbox.Processes;

namespace Sidecar.Bench;

/// <summary>
/// From the moment a new version of the credential is in the vault to the first call that ServiceDesk Plus received with a
/// token made from it, by the simulator's journal, while callers go on calling through the front door.
/// </summary>
internal static class Rotation
{
    private const int Callers = 8;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    public static async Task<int> RunAsync(string? binaries, int rotations, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        end.CancelAfter(Limit);
        var programs = Programs.Locate(binaries);
        Console.WriteLine($"""
            | the old credential | read again every | rotations | fastest | median | slowest | failed calls | of calls |
            |---|--:|--:|--:|--:|--:|--:|--:|
            {await MeasureAsync(programs, rotations, dies: false, TimeSpan.FromSeconds(1), end.Token)}
            {await MeasureAsync(programs, rotations, dies: true, TimeSpan.FromMinutes(5), end.Token)}

            {Callers} callers of get_request; {Environment.ProcessorCount} cores for the programs, the simulator and the callers together. Where it dies, it does so
            when the new version has just been stored, and the broker finds out by a call that is rejected.
            """);
        return 0;
    }

    private static async Task<string> MeasureAsync(Programs programs, int rotations, bool dies, TimeSpan interval, CancellationToken cancellationToken)
    {
        List<TimeSpan> times = [];
        var (calls, failed) = (0, 0);
        for (var rotation = 0; rotation < rotations; rotation++)
        {
            // A broker of its own for each: it looks at the vault at once only if it did not just do so.
            await using var backend = await Backend.StartAsync(cancellationToken);
            backend.BrokerSettings["Credential__RefreshInterval"] = interval.ToString();
            await using var pair = RunningPair.Start(programs, backend);
            using var caller = new McpCaller(pair.Mcp, backend.RequestIds);
            await caller.WaitUntilAnsweredAsync(cancellationToken);

            using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var calling = Task.WhenAll(Enumerable.Range(0, Callers).Select(one => Task.Run(
                async () =>
                {
                    while (!enough.IsCancellationRequested)
                    {
                        try
                        {
                            await caller.CallAsync(one, cancellationToken);
                        }
                        catch (InvalidOperationException)
                        {
                            Interlocked.Increment(ref failed);
                        }

                        Interlocked.Increment(ref calls);
                    }
                },
                cancellationToken)));
            times.Add(await backend.RotateAsync(dies, cancellationToken));
            await enough.CancelAsync();
            await calling;
        }

        times.Sort();
        return $"| {(dies ? "dies" : "stays valid")} | {interval} | {rotations} | {Milliseconds(times[0])} | {Milliseconds(times[times.Count / 2])} | {Milliseconds(times[^1])} | {failed} | {calls:N0} |";
    }

    private static string Milliseconds(TimeSpan time) => $"{time.TotalMilliseconds.ToString("N0", CultureInfo.InvariantCulture)} ms";
}
