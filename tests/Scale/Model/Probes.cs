using Sidecar.Scale.Inputs;

namespace Sidecar.Scale.Model;

/// <summary>What the kubelet's questions cost.</summary>
internal static class Probes
{
    /// <summary>Of a pod, in millicores: milliseconds of CPU in a second.</summary>
    public static double Millicores(PodShape pod, InputSet inputs) => pod.Probes.Sum(probe => Cost(probe, inputs) / probe.PeriodSeconds);

    /// <summary>The same pod, were each question put by starting a program.</summary>
    public static PodShape AllByExec(PodShape pod) => pod with { Probes = [.. pod.Probes.Select(probe => probe with { Exec = true })] };

    /// <summary>The same pod, were each question to the shim put by HTTP; the broker listens on loopback only.</summary>
    public static PodShape ShimByHttp(PodShape pod) => pod with { Probes = [.. pod.Probes.Select(probe => probe with { Exec = probe.Exec && probe.Container == "broker" })] };

    private static double Cost(Probe probe, InputSet inputs) => inputs[probe switch
    {
        { Exec: false } => "probe.http",
        { Container: "broker" } => "probe.exec_broker",
        _ => "probe.exec_shim",
    }];
}
