using System.Net;
using System.Text.Json.Nodes;
using Sidecar.Tests.Containers.Harness;
using Sidecar.Tests.Containers.Pods.Rendering;
using Sidecar.Tests.Containers.Pods.Users;

namespace Sidecar.Tests.Containers.Pods.Running;

/// <summary>A user's pod, played from the rendered manifests: its containers, and how to call it.</summary>
internal sealed class RunningPod
{
    private readonly JsonObject _broker, _shim;
    private readonly PlayedPod _played;

    /// <param name="user">Whose it is.</param>
    /// <param name="manifests">As kustomize rendered them.</param>
    /// <param name="played">As podman runs them.</param>
    /// <param name="address">Its address in its own network.</param>
    /// <param name="memory">Its folder in memory.</param>
    public RunningPod(PodUser user, Manifests manifests, PlayedPod played, string address, string memory)
    {
        (User, Manifests, Memory, _played) = (user, manifests, memory, played);
        (Broker, Shim) = (played.Container("broker"), played.Container("shim"));
        (_broker, _shim) = (manifests.Container("initContainers", "broker"), manifests.Container("containers", "shim"));
        EndPoint = new IPEndPoint(IPAddress.Parse(address), (int)_shim["ports"]![0]!["containerPort"]!);
    }

    public PodUser User { get; }

    public Manifests Manifests { get; }

    /// <summary>Folder on this machine of its emptyDirs.</summary>
    public string Memory { get; }

    /// <summary>Time from the call to play it until it was ready, for one that was waited for.</summary>
    public TimeSpan ReadyAfter { get; set; }

    public RunningContainer Broker { get; }

    public RunningContainer Shim { get; }

    /// <summary>Where the shim listens, on the pod's own address.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Where a client that comes straight at the pod calls.</summary>
    public Uri Url => new($"http://{Site.Host}:{EndPoint.Port}/mcp");

    /// <summary>Whether the pod gets calls.</summary>
    public Probe Readiness => new(_shim["readinessProbe"]!.AsObject(), _shim, Shim, $"{EndPoint.Address}");

    /// <summary>Whether the broker is ready, in its words.</summary>
    public Probe BrokerReadiness => new(_broker["readinessProbe"]!.AsObject(), _broker, Broker, $"{EndPoint.Address}");

    /// <summary>A client that comes straight at the pod.</summary>
    public PodClient Client(Caller caller) => new(Url, EndPoint, caller);

    /// <summary>The user's own client.</summary>
    public PodClient Client() => Client(Caller.With(User.Key));

    public Task WaitUntilReadyAsync() => Wait.UntilAsync($"{User}'s pod to be ready", async () => (await Readiness.RunAsync()).IsGood, LogsAsync);

    /// <summary>Removes it now, before its stage ends.</summary>
    public ValueTask RemoveAsync() => _played.DisposeAsync();

    public async Task<string> LogsAsync() => await Broker.LogsAsync() + await Shim.LogsAsync();
}
