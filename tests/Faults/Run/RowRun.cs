using Sidecar.Tests.Faults.Matrix;

namespace Sidecar.Tests.Faults.Run;

/// <summary>Runs one row: all its calls under the fault, then, with the fault gone, what comes next.</summary>
internal static class RowRun
{
    /// <returns>For each class what does not hold; empty where all does.</returns>
    public static async Task<IReadOnlyDictionary<OperationClass, IReadOnlyList<string>>> RunAsync(FaultRow row)
    {
        var problems = OperationClass.All.ToDictionary(operation => operation, _ => new List<string>());
        await using var scene = await Scene.SetAsync();
        try
        {
            foreach (var fault in row.FromStart) scene.Simulator.Faults.Add(fault);
            row.Prepare?.Invoke(scene);
            await scene.StartAsync(ready: !row.StartsBroken);
            foreach (var fault in row.Everywhere) scene.Simulator.Faults.Add(fault);
            if (row.Begin is not null) await row.Begin(scene);

            var calls = OperationClass.All.Select(scene.NewCall).ToList();
            await EachAsync(calls, row.OneByOne, problems, async call => problems[call.Operation].AddRange(await FirstAsync(scene, row, call)));
            scene.Simulator.Faults.Clear();
            if (row.Lift is not null) await row.Lift(scene);
            await EachAsync(calls, row.OneByOne, problems, async call => problems[call.Operation].AddRange(await NextCall.MakeAsync(scene, row, call)));
        }
        catch (Exception exception)
        {
            foreach (var list in problems.Values) list.Add($"the row could not be run: {exception.Message}");
        }

        foreach (var leak in scene.Leaks(scene.Output))
            foreach (var list in problems.Values) list.Add($"a process has written {leak}");
        return problems.ToDictionary(pair => pair.Key, pair => (IReadOnlyList<string>)pair.Value);
    }

    private static async Task EachAsync(List<Call> calls, bool oneByOne, Dictionary<OperationClass, List<string>> problems, Func<Call, Task> act)
    {
        async Task Guarded(Call call)
        {
            try
            {
                await act(call);
            }
            catch (Exception exception) when (exception is TimeoutException or InvalidOperationException or ModelContextProtocol.McpException)
            {
                problems[call.Operation].Add(exception.Message);
            }
        }

        if (!oneByOne)
        {
            await Task.WhenAll(calls.Select(Guarded));
            return;
        }

        foreach (var call in calls) await Guarded(call);
    }

    private static async Task<List<string>> FirstAsync(Scene scene, FaultRow row, Call call)
    {
        var expected = Rules.Of(row, call.Operation);
        if (row.Struck is { } struck) scene.Simulator.Faults.Add(struck with { Method = call.Operation.Method, Path = call.Path });
        row.Before?.Invoke(scene, call);
        var outcome = await scene.MakeAsync(
            call,
            row.During is null ? null : () => row.During(scene, call),
            row.After is null ? null : () => row.After(scene, call),
            reason: expected.Told is not null);
        return Judge.First(row, expected, call, outcome, scene);
    }
}
