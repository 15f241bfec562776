using Sidecar.Scale.Inputs;

namespace Sidecar.Scale.Model;

/// <summary>Everything known to run out.</summary>
internal sealed class Limits(InputSet inputs, PodShape pod, Packing packing)
{
    public Limit RoleAssignments { get; } =
        new("role assignments", "subscription", inputs["azure.role_assignments"] - inputs["azure.other_assignments"], 1, "assignments");

    public Limit Deployments { get; } = new("Deployments", "namespace", inputs["k8s.deployments"], 1, "Deployments");

    public Limit Services { get; } = new("Services", "cluster", inputs["k8s.services"] - inputs["k8s.other_services"], 1, "Services");

    public Limit Routes { get; } = new("routes", "Gateway", inputs["gateway.routes"], 1, "HTTPRoutes");

    public Limit Identities { get; } = new("managed identities", "resource group", inputs["azure.identities_a_group"], 1, "identities");

    public Limit VaultAtStart { get; } = new(
        "vault calls when all start", "vault", inputs["vault.calls"] * Math.Floor(inputs["vault.start_target"] / inputs["vault.window"]), inputs["vault.start_calls"], "calls");

    public Limit SubscriptionAtStart => VaultAtStart with { Of = "subscription", Capacity = VaultAtStart.Capacity * inputs["vault.subscription_factor"] };

    public Limit VaultAtRest { get; } = new(
        "vault calls at rest", "vault", inputs["vault.calls"] / inputs["vault.window"], 1 / inputs["vault.refresh"], "calls/s");

    public Limit Applications { get; } = new("Applications, one a user", "Argo CD controller", inputs["argo.applications"], 1, "Applications");

    public Limit ApplicationsOfGroups { get; } =
        new($"Applications, {inputs["git.group"]:N0} users each", "Argo CD controller", inputs["argo.applications"], 1 / inputs["git.group"], "Applications");

    public Limit Ports { get; } = new("ports to one instance", "public address", inputs["azure.snat_ports"], inputs["azure.connections"], "ports");

    public Limit Series { get; } = new("metric series", "Azure Monitor workspace", inputs["azure.series"], inputs["azure.series_a_pod"], "series");

    public Limit NpmPods { get; } = new("pods under Azure NPM", "cluster", inputs["aks.npm_pods"], 1, "pods");

    public Limit NpmNodes { get; } = new("nodes under Azure NPM", "cluster", inputs["aks.npm_nodes"], 1.0 / packing.Users, "nodes");

    public Limit Nodes { get; } = new("nodes", "cluster", inputs["aks.nodes"], 1.0 / packing.Users, "nodes");

    public Limit Pods { get; } = new("pods", "cluster", inputs["aks.pods"], 1, "pods");

    public Limit CiliumIdentities { get; } = new("Cilium identities", "cluster", inputs["k8s.cilium_identities"], 1, "identities");

    public Limit Etcd { get; } = new("etcd's database", "cluster", inputs["k8s.etcd"] * 1024 * 1024 * 1024, Objects.Bytes(pod, inputs), "bytes");

    public Limit Directory { get; } = new("directory objects", "tenant", inputs["azure.directory_objects"], 1, "objects");

    /// <summary>The one that is reached first comes first.</summary>
    public IReadOnlyList<Limit> All => [.. new[]
    {
        RoleAssignments, Deployments, Services, Routes, Identities, VaultAtStart, SubscriptionAtStart, VaultAtRest, Applications, ApplicationsOfGroups, Ports, Series, NpmPods, NpmNodes, Nodes, Pods,
        CiliumIdentities, Etcd, Directory,
    }.OrderBy(limit => limit.Users)];

    /// <summary>A cell is a subscription with a vault and a cluster. What ends it soonest?</summary>
    public Limit Cell => All.Where(limit => limit.Of is "subscription" or "cluster" or "vault").MinBy(limit => limit.Users)!;
}
