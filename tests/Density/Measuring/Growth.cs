using Sidecar.Density.Fleet;

namespace Sidecar.Density.Measuring;

/// <summary>What pods take from the machine: programs, podman's part of them, and the kernel's.</summary>
internal static class Growth
{
    public static void Tell(PodFleet fleet, Findings found)
    {
        found.Add("pod.machine_memory", fleet.Taken() / fleet.Pods.Count / 1e6, "MB", "all that was taken, by the number of pods");
        // The first ones bring what all share, and whoever else works on the machine weighs more on few.
        var (first, last) = (fleet.Growth.FirstOrDefault(at => at.Pods >= fleet.Pods.Count / 2), fleet.Growth.Last());
        if (last.Pods > first.Pods && first.Pods > 0)
            Findings.Say($"a further pod: {(last.Taken - first.Taken) / (last.Pods - first.Pods) / 1e6:0.0} MB, from {first.Pods} pods to {last.Pods}");
    }
}
