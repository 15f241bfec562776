using System.Text.Json.Nodes;
using Sidecar.Tests.Containers.Pods.Running;

namespace Sidecar.Density.Measuring;

/// <summary>Memory of pods that have served their users for a while.</summary>
internal static class Use
{
    private const int Pods = 5, Calls = 200;

    public static async Task MeasureAsync(IReadOnlyList<MeasuredPod> all, IReadOnlyList<string> requests, Findings found, CancellationToken cancellationToken)
    {
        var pods = all.Take(Pods).ToList();
        var failed = 0;
        foreach (var pod in pods) failed += await CallAsync(pod.Pod, requests, cancellationToken);
        found.AddMedian("pod.broker_used", await Idleness.MemoryAsync(pods.Select(pod => pod.Broker)), "MB");
        found.AddMedian("pod.shim_used", await Idleness.MemoryAsync(pods.Select(pod => pod.Shim)), "MB");
        Findings.Say($"after {Calls} tool calls a pod; {failed} of all {Calls * pods.Count} failed");
    }

    private static async Task<int> CallAsync(RunningPod pod, IReadOnlyList<string> requests, CancellationToken cancellationToken)
    {
        using var client = pod.Client();
        var failed = 0;
        for (var call = 0; call < Calls; call++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var request = requests[call % requests.Count];
            var reply = await ((call % 5) switch
            {
                0 => client.CallAsync("list_requests", new JsonObject { ["page_size"] = 50 }),
                1 => client.CallAsync("search_requests", new JsonObject { ["query"] = "printer" }),
                2 => client.CallAsync("add_note", new JsonObject { ["request_id"] = request, ["note"] = $"density {call}" }),
                3 => client.CallAsync("whoami"),
                _ => client.CallAsync("get_request", new JsonObject { ["request_id"] = request }),
            });
            if (reply.Answer is null) failed++;
        }

        return failed;
    }
}
