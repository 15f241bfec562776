using Sidecar.Density.Fleet;
using Sidecar.Tests.Containers.Pods.Running;

namespace Sidecar.Density.Measuring;

/// <summary>How many there are, and how long they took from the call to play them until /readyz answered.</summary>
internal static class Starts
{
    public static void Tell(PodFleet fleet, Findings found)
    {
        Findings.Say($"{fleet.Pods.Count} pods{(fleet.EndedBy is null ? "" : ", not as many as were asked for")}");
        // A start among others waits for this machine's CPU and podman's locks; a node's pace is an input of its own.
        found.AddMedian("pod.ready", Seconds(fleet.Alone.Count > 0 ? fleet.Alone : fleet.Together), "s");
        if (fleet.Together.Count > 0)
            Findings.Say($"ready when started together with others: {Findings.Median(Seconds(fleet.Together)):0.0} s (median of {fleet.Together.Count}, largest {Seconds(fleet.Together).Max():0.0})");
    }

    private static List<double> Seconds(IReadOnlyCollection<RunningPod> pods) => [.. pods.Select(pod => pod.ReadyAfter.TotalSeconds)];
}
