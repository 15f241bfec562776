using System.Diagnostics;
using Sidecar.Simulator;
using Sidecar.Tests.Containers.Harness;
using Sidecar.Tests.Containers.Pods.Rendering;
using Sidecar.Tests.Containers.Pods.Users;

namespace Sidecar.Tests.Containers.Pods.Running;

/// <summary>A simulator that pods reach, users with their manifests, and their pods.</summary>
internal sealed class PodStage : IAsyncDisposable
{
    private readonly ContainerStage _stage;
    private readonly Dictionary<PodUser, Site> _sites = [];
    // As the kubelet keeps emptyDirs of the medium Memory.
    private readonly DirectoryInfo _memory;

    // Null: each pod has one of its own.
    private readonly PodNetwork? _network;

    private PodStage(ContainerStage stage, PodNetwork? network)
    {
        (_stage, _network) = (stage, network);
        _memory = Directory.CreateDirectory($"/dev/shm/{Prefix}memory");
    }

    public SimulatorHost Simulator => _stage.Simulator;

    public Instance Instance => Simulator.Instances["itdesk"];

    // Stages side by side share no name, and what one leaves behind is known.
    private string Prefix { get; } = $"{Names.New("pods")}-";

    /// <param name="pods">How many users there may be; null: as many as the instance has technicians from the start.</param>
    /// <param name="oneNetwork">Whether the pods share a network; by default none sees another.</param>
    public static async Task<PodStage> SetAsync(int? pods = null, bool oneNetwork = false)
    {
        var stage = new PodStage(await ContainerStage.SetAsync(), oneNetwork ? await PodNetwork.CommonAsync() : null);
        if (pods is { } count) stage.Simulator.AddUsers(new BulkWish { Count = count });
        // The simulated instance's limit is no part of what is tested with pods.
        stage.Instance.Switches = new InstanceSwitches { RateLimit = int.MaxValue };
        return stage;
    }

    /// <summary>Gives a technician a credential and a pod's overlay.</summary>
    /// <param name="technician">Which, by the place in the instance's list.</param>
    /// <param name="granted">Whether the pod's identity may read the credential.</param>
    public PodUser Onboard(int technician, bool granted = true)
    {
        var user = PodUser.Onboard(Simulator, Instance.TechnicianEmails[technician]);
        if (granted) user.Grant(Simulator);
        _sites[user] = new Site(Simulator, _stage.Images, user);
        return user;
    }

    /// <summary>The user's copy of the manifests.</summary>
    public Site Site(PodUser user) => _sites[user];

    /// <summary>Renders a user's manifests as this place has them.</summary>
    public Task<Manifests> RenderAsync(PodUser user, string simulatorAddress, PodWish? wish = null) =>
        Manifests.RenderAsync(_sites[user].Write(Prefix, simulatorAddress, wish ?? new PodWish()));

    /// <summary>What the cluster adds to a user's pod.</summary>
    /// <param name="user">Whose.</param>
    /// <param name="wish">What it has of its own.</param>
    public ClusterFacts Cluster(PodUser user, PodWish? wish = null)
    {
        var folder = _memory.CreateSubdirectory(user.Name.Slug).FullName;
        var token = Directory.CreateDirectory(Path.Combine(folder, "projected-token")).FullName;
        File.WriteAllText(Path.Combine(token, IdentityWebhook.File), user.Person.Identity.FederatedToken);
        return new ClusterFacts(folder, user.Person.Identity.TenantId, Simulator.EntraUrl, token, (wish ?? new PodWish()).Secrets);
    }

    /// <summary>Plays a user's pod in a network of its own.</summary>
    /// <param name="user">Whose.</param>
    /// <param name="wish">What it has of its own.</param>
    /// <param name="ready">Whether to wait until it is ready.</param>
    public async Task<RunningPod> PlayAsync(PodUser user, PodWish? wish = null, bool ready = true)
    {
        var network = _network ?? _stage.Keep(await PodNetwork.CreateAsync($"{Prefix}{user}"));
        var manifests = await RenderAsync(user, network.Gateway, wish);
        var cluster = Cluster(user, wish);
        var deployment = PodmanDialect.Translate(manifests.Deployment, manifests.Single("ServiceAccount"), cluster);
        var all = manifests.Of("ConfigMap").Append(deployment).Select(one => one.ToJsonString());
        var since = Stopwatch.StartNew();
        var played = await _stage.PlayAsync($"{Manifests.NameOf(manifests.Deployment)}-pod-0", string.Join("\n---\n", all), "--network", network.Name);
        var pod = new RunningPod(user, manifests, played, await played.AddressAsync(), cluster.Folder);
        if (!ready) return pod;
        await pod.WaitUntilReadyAsync();
        pod.ReadyAfter = since.Elapsed;
        return pod;
    }

    public async ValueTask DisposeAsync()
    {
        await _stage.DisposeAsync();
        // podman keeps ConfigMaps as volumes, which stay when the pods go.
        await Names.RemoveAsync("volume", name => name.StartsWith(Prefix, StringComparison.Ordinal));
        foreach (var site in _sites.Values) site.Dispose();
        _memory.Delete(recursive: true);
    }
}
