using Sidecar.Soak.Findings;
using Sidecar.Soak.Load;
using Sidecar.Soak.Trouble;

namespace Sidecar.Soak;

/// <summary>Load and mishaps for the time that was asked for, then quiet, then the verdict.</summary>
internal static class SoakCommand
{
    private const int Callers = 6;
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(60);

    public static async Task<int> RunAsync(SoakOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await using var scene = await Scene.SetAsync(options, cancellationToken);
            var (leaks, ledger, tally) = (new Leaks(scene), new Ledger(), new Tally(scene.Simulator));
            using var tools = new ToolCaller(scene.Mcp, headers => headers.Add("X-API-Key", scene.Key.Value), leaks.Search);
            await WaitUntilReadyAsync(tools, cancellationToken);

            var plan = Plan.Make(options.Seed, options.Duration);
            var names = Names.Of(scene.Instance);
            var callers = Enumerable.Range(1, Callers).Select(number => new Caller(number, options, scene, tools, ledger, names)).ToList();
            var watch = new Watch(scene, tally);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            stop.CancelAfter(options.Duration);
            var watching = watch.RunAsync(stop.Token);
            await Task.WhenAll([new Mischief(scene, options.Seed).RunAsync(plan, cancellationToken), .. callers.Select(caller => caller.RunAsync(stop.Token, cancellationToken)), watching]);

            await WaitUntilReadyAsync(tools, cancellationToken);
            await Task.WhenAll(callers.Select(caller => caller.SettleAsync(Settling, cancellationToken)));
            // What a killed program had sent on its way arrives by then.
            await Task.Delay(Scene.WriteTimeout, cancellationToken);
            tally.Read(all: true);
            foreach (var process in scene.Everyone) leaks.Search($"output of {process.Name}", process.Output);

            var checks = Verdict.Of(scene, ledger, tally, leaks, watch);
            Console.WriteLine(Summary.Of(options, plan, ledger, tally, watch));
            foreach (var check in checks) Console.WriteLine(check);
            return checks.All(check => check.Holds) ? 0 : 1;
        }
        catch (Exception exception) when (exception is InvalidOperationException or FileNotFoundException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
    }

    private static async Task WaitUntilReadyAsync(ToolCaller tools, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        end.CancelAfter(TimeSpan.FromSeconds(60));
        Reply reply;
        do
        {
            await Task.Delay(100, cancellationToken);
            reply = await tools.CallAsync("whoami", [], cancellationToken);
            if (end.IsCancellationRequested) throw new InvalidOperationException($"The broker does not become ready: {reply.Text}");
        }
        while ((bool?)reply.Answer?["ready"] != true);
    }
}
