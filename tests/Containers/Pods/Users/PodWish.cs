namespace Sidecar.Tests.Containers.Pods.Users;

/// <summary>What an operator does to a user's pod beside what onboarding wrote.</summary>
internal sealed record PodWish
{
    /// <summary>Components of k8s/components.</summary>
    public IReadOnlyList<string> Components { get; init; } = [];

    /// <summary>Settings of the broker.</summary>
    public IReadOnlyDictionary<string, string> Broker { get; init; } = new Dictionary<string, string>();

    /// <summary>Settings of the shim.</summary>
    public IReadOnlyDictionary<string, string> Shim { get; init; } = new Dictionary<string, string>();

    /// <summary>Strategic merge patches of the pod's spec, in YAML.</summary>
    public IReadOnlyList<string> Patches { get; init; } = [];

    /// <summary>Files of Secrets that are in the cluster and in no manifest, by the Secret's name.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Secrets { get; init; } = new Dictionary<string, IReadOnlyDictionary<string, string>>();

    /// <summary>False: the simulator's names are in no hosts file, and no DNS server knows them.</summary>
    public bool KnowsNames { get; init; } = true;
}
