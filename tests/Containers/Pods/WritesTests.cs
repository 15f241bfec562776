using System.Diagnostics;
using Sidecar.Simulator;
using Sidecar.Soak.Load;
using Sidecar.Tests.Containers.Harness;
using Sidecar.Tests.Containers.Pods.Running;
using Sidecar.Tests.Containers.Pods.Writes;

namespace Sidecar.Tests.Containers.Pods;

/// <summary>No write is lost or doubled, whichever container ends and however: by the simulator's records.</summary>
public sealed class WritesTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(100);

    [Fact]
    public async Task No_write_is_lost_or_doubled_while_broker_and_shim_are_killed_and_restarted()
    {
        await using var stage = await PodStage.SetAsync();
        var pod = await stage.PlayAsync(stage.Onboard(3));
        using var load = new WriteLoad(pod, stage);
        load.Start(callers: 6);
        foreach (var (name, strike) in new (string, Func<Task>)[]
        {
            ("broker killed", pod.Broker.KillProgramAsync),
            ("shim killed", pod.Shim.KillProgramAsync),
            ("broker restarted", () => RestartAsync(pod.Broker)),
            ("shim restarted", () => RestartAsync(pod.Shim)),
        })
        {
            await DoneAfterAsync(load, pod);
            var watch = Stopwatch.StartNew();
            await strike();
            var struck = watch.Elapsed;
            await DoneAfterAsync(load, pod);
            output.WriteLine($"{name}: {struck.TotalSeconds:0.0} s, until a write is done {watch.Elapsed.TotalSeconds:0.0} s");
        }

        await load.StopAsync();
        output.WriteLine($"{load}");
        load.Problems().ShouldBeEmpty();
        load.Done.ShouldBeGreaterThan(8);
    }

    [Theory]
    [InlineData("shim")]
    [InlineData("broker")]
    public async Task On_SIGTERM_each_of_200_calls_in_flight_is_finished_or_clearly_failed(string name)
    {
        await using var stage = await PodStage.SetAsync();
        var pod = await stage.PlayAsync(stage.Onboard(name == "shim" ? 4 : 5));
        using var load = new WriteLoad(pod, stage);
        (await load.OpenAsync(0)).Outcome.ShouldBe(Outcome.Done);
        // So that they are in flight together.
        stage.Simulator.Faults.Add(new Fault { Service = Service.Sdp, Method = "POST", Kind = FaultKind.Delay, DelayMs = 200 });
        var calls = Enumerable.Range(1, 200).Select(load.OpenAsync).ToList();
        await Wait.UntilAsync("writes to be under way", () => Task.FromResult(stage.Simulator.Journal.Since().Count(entry => entry is { Service: Service.Sdp, Method: "POST" }) > 10));

        var container = name == "shim" ? pod.Shim : pod.Broker;
        var watch = Stopwatch.StartNew();
        await container.StopAsync((int)Grace.TotalSeconds);
        output.WriteLine($"{name} ended by itself after {watch.Elapsed.TotalSeconds:0.0} s");
        (await ContainerState.OfAsync(container)).ExitCode.ShouldBe(0);

        await Task.WhenAll(calls);
        output.WriteLine($"{load}");
        load.Problems().ShouldBeEmpty();
        load.Done.ShouldBeGreaterThan(10);
        // Whoever is not told that it is done is told in words what to think of it.
        load.Told(Outcome.Unknown).Where(reply => reply.IsSilence).Select(reply => reply.Text).ShouldBeEmpty();
    }

    private static async Task RestartAsync(RunningContainer container)
    {
        await container.StopAsync((int)Grace.TotalSeconds);
        await container.StartAsync();
    }

    private static async Task DoneAfterAsync(WriteLoad load, RunningPod pod)
    {
        var before = load.Done;
        await Wait.UntilAsync("writes to be done", () => Task.FromResult(load.Done > before + 5), pod.LogsAsync);
    }
}
