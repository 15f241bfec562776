using System.Globalization;
using Sidecar.Sandbox.Processes;

namespace Sidecar.Bench;

/// <summary>All measurements, one after the other, and the table of what came out.</summary>
internal static class BenchCommand
{
    private const int Callers = 16;
    private const int Rounds = 3;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(3);

    public static async Task<int> RunAsync(string? binaries, int calls, int starts, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        end.CancelAfter(Limit);
        var programs = Programs.Locate(binaries);
        await using var backend = await Backend.StartAsync(end.Token);

        var cold = await ColdStart.MeasureAsync(programs, backend, starts, end.Token);

        await using var pair = RunningPair.Start(programs, backend);
        using var through = new McpCaller(pair.Mcp, backend.RequestIds);
        using var direct = await DirectCaller.CreateAsync(backend, end.Token);
        await through.WaitUntilAnsweredAsync(end.Token);
        await Task.Delay(Settle, end.Token);
        var idle = (Broker: pair.Broker.ResidentMemory, Shim: pair.Shim.ResidentMemory);
        await Load.RunAsync(through.CallAsync, Callers, calls, end.Token);
        await Task.Delay(Settle, end.Token);
        var used = (Broker: pair.Broker.ResidentMemory, Shim: pair.Shim.ResidentMemory);
        await Load.RunAsync(direct.CallAsync, Callers, calls / 2, end.Token);

        // Turn by turn, so that whatever else the machine does falls on both alike.
        List<Load> alone = [], aloneDirect = [], many = [], manyDirect = [];
        for (var round = 0; round < Rounds; round++)
        {
            await backend.ForgetAsync(end.Token);
            alone.Add(await Load.RunAsync(through.CallAsync, 1, calls / 5, end.Token));
            aloneDirect.Add(await Load.RunAsync(direct.CallAsync, 1, calls / 5, end.Token));
            many.Add(await Load.RunAsync(through.CallAsync, Callers, calls, end.Token));
            manyDirect.Add(await Load.RunAsync(direct.CallAsync, Callers, calls, end.Token));

            // Else something on the way answered of itself, and what was measured is something else.
            var (made, received) = (2 * (calls / 5 + calls), await backend.ReceivedAsync(end.Token));
            if (received != made) throw new InvalidOperationException($"{made} calls were made, and the simulator received {received}.");
        }

        Load single = Load.Together(alone), singleDirect = Load.Together(aloneDirect), load = Load.Together(many), loadDirect = Load.Together(manyDirect);
        var table = new Table();
        table.Add("cold start to the first answer, median", Milliseconds(cold.Median));
        table.Add("cold start, fastest and slowest", $"{Milliseconds(cold.Fastest)}, {Milliseconds(cold.Slowest)}");
        table.Add("resident memory idle: broker, shim", $"{Megabytes(idle.Broker)}, {Megabytes(idle.Shim)}");
        table.Add($"resident memory after {calls:N0} calls: broker, shim", $"{Megabytes(used.Broker)}, {Megabytes(used.Shim)}");
        table.Add("get_request, 1 caller, p50", Microseconds(single.At(50)), Microseconds(singleDirect.At(50)), Ratio(single.At(50) / singleDirect.At(50)));
        table.Add("get_request, 1 caller, p99", Microseconds(single.At(99)), Microseconds(singleDirect.At(99)), Ratio(single.At(99) / singleDirect.At(99)));
        table.Add(
            $"get_request, {Callers} callers, calls/s", $"{load.PerSecond:N0}", $"{loadDirect.PerSecond:N0}", Ratio(load.PerSecond / loadDirect.PerSecond));
        table.Add($"get_request, {Callers} callers, p99", Microseconds(load.At(99)), Microseconds(loadDirect.At(99)), Ratio(load.At(99) / loadDirect.At(99)));

        Console.WriteLine(table.ToMarkdown());
        Console.WriteLine($"""

            {Environment.ProcessorCount} cores for the programs, the simulator and the callers together; {starts} cold starts, files cached; {Rounds}
            rounds of {calls / 5:N0} calls by one and {calls:N0} by {Callers}, turn by turn. Each caller has a request of its own: one MCP call is one call to the simulator.
            Through MCP: JSON-RPC by HttpClient, protocol {McpCaller.Protocol}. Direct: the same HttpClient, HTTPS GET of the same requests.
            """);
        return 0;
    }

    private static string Milliseconds(TimeSpan time) => $"{time.TotalMilliseconds:N0} ms";

    private static string Microseconds(TimeSpan time) => $"{time.TotalMicroseconds:N0} µs";

    private static string Megabytes(long bytes) => $"{bytes / 1e6:N0} MB";

    private static string Ratio(double ratio) => ratio.ToString("0.00", CultureInfo.InvariantCulture);
}
