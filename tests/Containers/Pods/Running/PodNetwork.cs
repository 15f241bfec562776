using Sidecar.Tests.Containers.Harness;

namespace Sidecar.Tests.Containers.Pods.Running;

/// <summary>A network of one pod's own.</summary>
internal sealed class PodNetwork : IAsyncDisposable
{
    private const string Common = "podman";

    private PodNetwork(string name, string gateway) => (Name, Gateway) = (name, gateway);

    public string Name { get; }

    /// <summary>This machine, seen from the pod.</summary>
    public string Gateway { get; }

    public static async Task<PodNetwork> CreateAsync(string name)
    {
        await Podman.DoAsync("network", "create", name);
        return new PodNetwork(name, await Podman.DoAsync("network", "inspect", "--format", "{{(index .Subnets 0).Gateway}}", name));
    }

    /// <summary>The network that podman has from the start, which all pods may share; it stays.</summary>
    public static async Task<PodNetwork> CommonAsync() =>
        new(Common, await Podman.DoAsync("network", "inspect", "--format", "{{(index .Subnets 0).Gateway}}", Common));

    public async ValueTask DisposeAsync()
    {
        if (Name != Common) await Podman.TryAsync("network", "rm", "--force", "--time", "0", Name);
    }
}
