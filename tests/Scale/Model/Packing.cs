using Sidecar.Scale.Inputs;

namespace Sidecar.Scale.Model;

/// <summary>How many users' pods a node takes.</summary>
/// <param name="Node">The node.</param>
/// <param name="MaxPods">What to set the node pool's maxPods to: AKS keeps memory for each, used or not.</param>
/// <param name="Users">Users that fit then.</param>
/// <param name="ByMemory">Users that fit by what they request of memory, with that maxPods.</param>
/// <param name="ByCpu">Users that fit by what they request of CPU.</param>
/// <param name="ByPods">Users that fit by the number of pods that a node of this size bears.</param>
internal sealed record Packing(NodeSize Node, int MaxPods, int Users, int ByMemory, int ByCpu, int ByPods)
{
    /// <summary>What keeps one user more from it.</summary>
    public string Bound => Users == ByPods ? "pods" : Users == ByCpu ? "CPU" : "memory";

    /// <summary>With the maxPods that fits most users: one more would cost as much memory as it makes room for.</summary>
    public static Packing Of(NodeSize node, PodShape pod, InputSet inputs)
    {
        var system = (int)inputs["aks.system_pods"];
        var most = (int)Math.Min(inputs["aks.pods_a_node"], node.Cores * inputs["k8s.pods_a_core"]);
        var byCpu = Fits(Cpu(node, inputs), pod.CpuMillicores);
        return Enumerable.Range(system + 1, most - system)
            .Select(maxPods => (MaxPods: maxPods, ByMemory: Fits(Memory(node, maxPods, inputs), pod.MemoryMib)))
            .Where(choice => choice.MaxPods - system <= Math.Min(choice.ByMemory, byCpu))
            .Select(choice => new Packing(node, choice.MaxPods, choice.MaxPods - system, choice.ByMemory, byCpu, most - system))
            .MaxBy(packing => packing.MaxPods) ?? throw new ArgumentException($"No pod fits a {node.Name}.");
    }

    /// <summary>Nodes for so many users, without spare ones.</summary>
    public int Nodes(double users) => (int)Math.Ceiling(users / Users);

    /// <summary>Nodes for so many users, with what stands ready for a lost one. A tenth of 70 must not be a little more than 7.</summary>
    public int NodesWithSpare(double users, InputSet inputs) => Nodes(users) + Math.Max(1, (int)Math.Ceiling(Nodes(users) * inputs["aks.spare"] - 1e-9));

    // What AKS leaves for users, in MiB.
    private static double Memory(NodeSize node, int maxPods, InputSet inputs)
    {
        var reserved = (inputs["aks.reserved_a_pod"] * maxPods + inputs["aks.reserved_fixed"]) * 1e6 / (1024 * 1024);
        var whole = node.MemoryGib * 1024;
        return whole - Math.Min(reserved, whole * inputs["aks.reserved_share"]) - inputs["aks.eviction"] - inputs["aks.system_memory"];
    }

    private static double Cpu(NodeSize node, InputSet inputs) => node.Cores * 1000 - inputs.ReservedCpu(node.Cores) - inputs["aks.system_cpu"];

    private static int Fits(double room, double each) => Math.Max(0, (int)Math.Floor(room / each));
}
