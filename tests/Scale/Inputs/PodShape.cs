using k8s;
using k8s.Models;

namespace Sidecar.Scale.Inputs;

/// <summary>What k8s/base asks for a user's pod, all its containers together, and how many ReplicaSets its Deployment comes to have.</summary>
internal sealed record PodShape(double MemoryMib, double MemoryLimitMib, double CpuMillicores, double GraceSeconds, int ReplicaSets, IReadOnlyList<Probe> Probes)
{
    private const double Mib = 1024 * 1024;

    /// <summary>Reads the Deployment of a YAML text.</summary>
    public static PodShape Parse(string yaml)
    {
        var deployment = KubernetesYaml.Deserialize<V1Deployment>(yaml, strict: true).Spec;
        var pod = deployment.Template.Spec;
        var containers = pod.InitContainers.Where(container => container.RestartPolicy == "Always").Concat(pod.Containers).ToList();
        return new PodShape(
            containers.Sum(container => Quantity(container.Resources.Requests, "memory")) / Mib,
            containers.Sum(container => Quantity(container.Resources.Limits, "memory")) / Mib,
            containers.Sum(container => Quantity(container.Resources.Requests, "cpu")) * 1000,
            pod.TerminationGracePeriodSeconds ?? 30,
            (deployment.RevisionHistoryLimit ?? 10) + 1,
            [.. containers.SelectMany(Asked)]);
    }

    // The startup probe ends with the start.
    private static IEnumerable<Probe> Asked(V1Container container) => new[] { container.LivenessProbe, container.ReadinessProbe }
        .OfType<V1Probe>()
        .Select(probe => new Probe(container.Name, probe.Exec is not null, probe.PeriodSeconds ?? 10));

    private static double Quantity(IDictionary<string, ResourceQuantity> of, string name) => of[name].ToDouble();
}
