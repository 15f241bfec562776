using System.Diagnostics;
using Sidecar.Soak.Load;
using Sidecar.Tests.Containers.Harness;
using Sidecar.Tests.Containers.Pods.Running;

namespace Sidecar.Tests.Containers.Pods;

/// <summary>What becomes of the others when one user's broker is killed, and of that user.</summary>
[Collection(SharedPods.Name)]
public sealed class KillTests(ThreePods pods, ITestOutputHelper output)
{
    [Fact]
    public async Task A_broker_that_is_killed_comes_back_and_no_other_users_call_fails()
    {
        using var end = new CancellationTokenSource();
        var others = pods.All.Skip(1).Select(pod => CallAsync(pod, end.Token)).ToList();
        var struck = pods.All[0];
        using var client = struck.Client();
        var before = await ContainerState.OfAsync(struck.Broker);
        await struck.Broker.KillProgramAsync();

        var watch = Stopwatch.StartNew();
        await Wait.UntilAsync("the next call to be answered", async () => (await client.CallAsync("list_requests")).Outcome == Outcome.Done, struck.LogsAsync);
        output.WriteLine($"broker killed: next call answered after {watch.Elapsed.TotalSeconds:0.0} s");
        var after = await ContainerState.OfAsync(struck.Broker);
        after.Pid.ShouldNotBe(before.Pid);
        after.Restarts.ShouldBe(before.Restarts + 1);

        await end.CancelAsync();
        foreach (var (calls, failures) in await Task.WhenAll(others))
        {
            failures.ShouldBeEmpty();
            calls.ShouldBeGreaterThan(0);
            output.WriteLine($"another user meanwhile: {calls} calls, none failed");
        }
    }

    private static async Task<(int Calls, List<string> Failures)> CallAsync(RunningPod pod, CancellationToken stop)
    {
        using var client = pod.Client();
        var (calls, failures) = (0, new List<string>());
        while (!stop.IsCancellationRequested || calls == 0)
        {
            foreach (var tool in new[] { "whoami", "list_requests" })
            {
                var reply = await client.CallAsync(tool);
                calls++;
                if (reply.Outcome != Outcome.Done) failures.Add($"{tool}: {reply.Text}");
            }

            await Task.Delay(20, CancellationToken.None);
        }

        return (calls, failures);
    }
}
