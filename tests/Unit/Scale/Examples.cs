using Sidecar.Scale;
using Sidecar.Scale.Inputs;
using Sidecar.Scale.Model;

namespace Sidecar.Tests.Unit.Scale;

/// <summary>Inputs with round values of their own: a new measurement must not change what the tests of the model expect.</summary>
internal static class Examples
{
    public static readonly PodShape Pod = new(100, 300, 20, 100, 11, [new Probe("broker", Exec: true, 30), new Probe("shim", Exec: true, 20), new Probe("shim", Exec: false, 10)]);

    public static readonly NodeSize Node = new("example", 8, 32, 0.5);

    /// <summary>The committed inputs, some of them replaced.</summary>
    public static InputSet Inputs(params (string Name, double Value)[] replaced)
    {
        var file = InputFile.Parse(File.ReadAllText(Repository.InputsFile));
        (string Name, double Value)[] round =
        [
            ("aks.reserved_a_pod", 20), ("aks.reserved_fixed", 50), ("aks.reserved_share", 0.25), ("aks.eviction", 100), ("aks.system_memory", 700), ("aks.system_cpu", 600),
            ("aks.system_pods", 12), ("aks.pods_a_node", 250), ("aks.spare", 0.1), ("k8s.pods_a_core", 25), ("probe.exec_broker", 30), ("probe.exec_shim", 20), ("probe.http", 0.5),
            ("vault.calls", 4000), ("vault.window", 10), ("vault.start_calls", 2), ("vault.refresh", 300), ("storm.simulated_ready", 60), ("storm.simulated_least", 40),
            ("pod.ready", 2), ("rollout.stop", 1), ("rollout.schedule", 2), ("rollout.target", 60), ("rollout.first", 0.01), ("rollout.pause", 30),
            ("k8s.controller_qps", 20), ("k8s.writes_a_rollout", 10), ("k8s.kubelet_rate", 2), ("k8s.scheduler_rate", 50), ("k8s.node_grace", 50), ("k8s.toleration", 300),
            ("price.hours", 700), ("price.disk", 10), ("price.cluster", 0.1), ("price.cell", 130), ("price.vault", 0.03), ("price.log", 2.5), ("use.mean", 0.1),
            ("use.calls", 50), ("use.lines_a_call", 3), ("use.lines_idle", 50), ("use.bytes_a_line", 500),
        ];
        foreach (var (name, value) in round.Concat(replaced)) file.Inputs[name] = file.Inputs[name] with { Value = value };
        return new InputSet(file);
    }

    public static Packing Packing(InputSet inputs) => Sidecar.Scale.Model.Packing.Of(Node, Pod, inputs);
}
