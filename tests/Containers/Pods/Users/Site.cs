using Sidecar.Broker.Onboarding;
using Sidecar.Broker.Onboarding.Overlays;
using Sidecar.Sandbox.Processes;
using Sidecar.Simulator;
using Sidecar.Tests.Containers.Harness;

namespace Sidecar.Tests.Containers.Pods.Users;

/// <summary>
/// An operator's copy of k8s for one user: in users the overlay as <c>broker onboard</c> writes it, in site what a cluster has of its
/// own: images, its certificate authority, its hosts, and whatever a test wishes. Nothing else is changed.
/// </summary>
internal sealed class Site : IDisposable
{
    /// <summary>The name that clients call.</summary>
    public const string Host = "mcp.sidecar.test";

    private readonly WorkFolder _folder = new();
    private readonly SimulatorHost _simulator;
    private readonly Images _images;
    private readonly PodUser _user;

    public Site(SimulatorHost simulator, Images images, PodUser user)
    {
        (_simulator, _images, _user) = (simulator, images, user);
        var manifests = Repository.PathOf("k8s");
        foreach (var file in Directory.EnumerateFiles(manifests, "*", SearchOption.AllDirectories))
        {
            var copy = _folder.File(Path.GetRelativePath(manifests, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        var access = new AccessWish([], ReadOnly: false);
        new UserOverlay(new DirectoryInfo(_folder.File("users")), user.Name)
            .Write(new OverlayFacts(simulator.VaultUrl, user.Name.SecretName, access, user.Person.Identity.ClientId, user.Key.Sha256, user.ObjectId));
    }

    /// <summary>Writes what the cluster has of its own.</summary>
    /// <param name="prefix">Begins the names of all objects.</param>
    /// <param name="simulatorAddress">Where the pod finds the simulator.</param>
    /// <param name="wish">What the test wants.</param>
    /// <returns>The folder to render: the user's overlay, and above it the prefix alone.</returns>
    public string Write(string prefix, string simulatorAddress, PodWish wish)
    {
        File.WriteAllText(_folder.File("site/ca.pem"), _simulator.CaPem);
        File.WriteAllText(_folder.File("site/kustomization.yaml"), $$"""
            apiVersion: kustomize.config.k8s.io/v1alpha1
            kind: Component
            images:
            - {name: sidecar-broker, {{NewImage(_images.Broker)}}}
            - {name: sidecar-shim, {{NewImage(_images.Shim)}}}
            configMapGenerator:
            - name: authority
              namespace: sidecar
              files: [ca.pem]
            - name: broker
              behavior: merge
              literals: [Tls__CaFile=/etc/sidecar/authority/ca.pem{{Literals(wish.Broker)}}]
            - name: shim
              behavior: merge
              literals: [AllowedHosts={{Host}}{{Literals(wish.Shim)}}]
            components: [{{string.Join(", ", wish.Components.Select(component => $"../components/{component}"))}}]
            patches:
            {{string.Join('\n', wish.Patches.Prepend(OwnPatch(simulatorAddress, wish.KnowsNames)).Select(AsPatch))}}
            """);
        Directory.CreateDirectory(_folder.File("played"));
        File.WriteAllText(_folder.File("played/kustomization.yaml"), $"resources: [../users/{_user.Name.Slug}]\nnamePrefix: {prefix}\n");
        return _folder.File("played");
    }

    /// <summary>The user's overlay as an operator applies it, without the prefix.</summary>
    public string Overlay => _folder.File($"users/{_user.Name.Slug}");

    /// <summary>Changes a file of the copy, as its comments ask for.</summary>
    public void Edit(string file, params (string From, string To)[] changes)
    {
        var text = File.ReadAllText(_folder.File(file));
        foreach (var (from, to) in changes)
            text = text.Contains(from, StringComparison.Ordinal) ? text.Replace(from, to, StringComparison.Ordinal) : throw new InvalidOperationException($"{file} has no {from}.");
        File.WriteAllText(_folder.File(file), text);
    }

    /// <summary>A folder of the copy.</summary>
    public string PathOf(string folder) => _folder.File(folder);

    public void Dispose() => _folder.Dispose();

    private string OwnPatch(string simulatorAddress, bool knowsNames) => $$"""
        {{(knowsNames ? $"hostAliases: [{{ip: {simulatorAddress}, hostnames: [{string.Join(", ", _simulator.HostNames)}]}}]" : "hostAliases: []")}}
        initContainers:
        - {name: broker, volumeMounts: [{name: authority, mountPath: /etc/sidecar/authority, readOnly: true}]}
        containers:
        - {name: shim, volumeMounts: [{name: authority, mountPath: /etc/sidecar/authority, readOnly: true}]}
        volumes:
        - name: authority
          configMap: {name: authority}
        """;

    private static string AsPatch(string podSpec) => $$"""
        - target: {kind: Deployment}
          patch: |
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: any}
            spec:
              template:
                spec:
        {{string.Join('\n', podSpec.Split('\n').Select(line => $"          {line}"))}}
        """;

    private static string NewImage(string name) => name.LastIndexOf(':') is var colon ? $"newName: {name[..colon]}, newTag: \"{name[(colon + 1)..]}\"" : "";

    private static string Literals(IReadOnlyDictionary<string, string> settings) => string.Concat(settings.Select(setting => $", \"{setting.Key}={setting.Value}\""));
}
