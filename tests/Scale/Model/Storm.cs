using Sidecar.Scale.Inputs;

namespace Sidecar.Scale.Model;

/// <summary>Pods of a cell that start together and all want their secret from its vault.</summary>
/// <param name="What">What happened.</param>
/// <param name="Brokers">How many start.</param>
/// <param name="Noticed">Seconds until anything starts.</param>
/// <param name="StartsWithin">Seconds over which they start.</param>
/// <param name="VaultSeconds">Seconds that the vault's limit makes of it.</param>
/// <param name="Ready">Seconds from the event until all are ready.</param>
internal sealed record Storm(string What, int Brokers, double Noticed, double StartsWithin, double VaultSeconds, double Ready)
{
    /// <summary>Tokens that Entra ID is asked for in a second.</summary>
    public double TokensASecond => Brokers / Math.Max(1, StartsWithin);

    /// <summary>The hardest case for a vault.</summary>
    public static Storm AtOnce(int users, InputSet inputs) => Of("all brokers read at the same moment", users, 0, 0, inputs);

    public static Storm Restart(int users, Packing packing, InputSet inputs) =>
        Of("all pods restart where they are", users, 0, Math.Min(users, packing.Users) / inputs["k8s.kubelet_rate"], inputs);

    public static Storm Region(int users, Packing packing, InputSet inputs) => Of(
        "all nodes and pods are made anew, as after the loss of a region", users, inputs["k8s.node_ready"],
        Math.Max(users / inputs["k8s.scheduler_rate"], Math.Min(users, packing.Users) / inputs["k8s.kubelet_rate"]), inputs);

    public static Storm LostNode(int users, Packing packing, InputSet inputs)
    {
        var pods = Math.Min(users, packing.Users);
        return Of("a node is lost", pods, inputs["k8s.node_grace"] + inputs["k8s.toleration"], pods / inputs["k8s.scheduler_rate"], inputs);
    }

    /// <summary>What the limit of a vault makes of reads that come at once, at the least. A window that has room lets its calls through at once.</summary>
    public static double LeastSeconds(int brokers, InputSet inputs) =>
        inputs["vault.window"] * Math.Floor(Math.Max(0, inputs["vault.start_calls"] * brokers - 1) / inputs["vault.calls"]);

    // A herd that was refused comes back less than ideally: by how much, docs/start-storm.md has simulated with the broker's own code.
    private static double Herd(InputSet inputs) => inputs["storm.simulated_ready"] / inputs["storm.simulated_least"];

    private static Storm Of(string what, int brokers, double noticed, double startsWithin, InputSet inputs)
    {
        // Where they start no faster than the vault takes, it makes nobody wait.
        var taken = startsWithin * inputs["vault.calls"] / inputs["vault.window"];
        var vault = taken < inputs["vault.start_calls"] * brokers ? LeastSeconds(brokers, inputs) * Herd(inputs) : 0;
        return new Storm(what, brokers, noticed, startsWithin, vault, noticed + Math.Max(startsWithin, vault) + inputs["pod.ready"]);
    }
}
