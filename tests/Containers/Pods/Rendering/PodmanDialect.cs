using System.Text.Json.Nodes;

namespace Sidecar.Tests.Containers.Pods.Rendering;

/// <summary>
/// Everything that a pod is played otherwise than it was rendered, and nothing else: what <c>podman kube play</c> 4.3.1 does not
/// know, and what a cluster adds by itself.
/// </summary>
internal static class PodmanDialect
{
    public static IReadOnlyList<Alteration> All { get; } =
    [
        new("The webhook of workload identity gives the broker its token, and obeys skip-containers.",
            new(@"^/spec/\[(?!shim\])\w+\]/(env\[AZURE_|volumeMounts\[azure-identity-token\])|^/spec/volumes\[azure-identity-token\]"),
            IdentityWebhook.Apply),
        new("podman knows no native sidecar: its init containers have to end. So the order of start and end is not the pod's.",
            new(@"^/spec/\[broker\]( in$|/restartPolicy$)"),
            MakeSidecarsPlain),
        new("podman's health checks want systemd, and its http checks want curl in the image. The tests run the probes themselves.",
            new(@"^/spec/\[\w+\]/(startup|liveness|readiness)Probe/"),
            pod => Each(pod.Containers, container => Remove(container, "startupProbe", "livenessProbe", "readinessProbe"))),
        new("podman publishes every port that a container names on the host, where two pods would want the same.",
            new(@"^/spec/\[\w+\]/ports\["),
            pod => Each(pod.Containers, container => Remove(container, "ports"))),
        new("podman makes one volume of all emptyDirs of a name, on disk, and pods would share it. A folder in memory, open to all as the kubelet's is.",
            new(@"^/spec/volumes\[[\w-]+\]/(emptyDir|hostPath)"),
            MakeFolders),
        new("podman 4.3.1 mounts a Secret in base64, whatever its mode, and ends with a nil pointer if its volume does not say optional.",
            new(@"^/spec/volumes\[[\w-]+\]/(secret|hostPath)"),
            MakeSecretFolders),
    ];

    /// <summary>The pod as it is played.</summary>
    public static JsonObject Translate(JsonObject deployment, JsonObject serviceAccount, ClusterFacts cluster)
    {
        var played = deployment.DeepClone().AsObject();
        var pod = new Translation(Manifests.PodOf(played), serviceAccount, cluster);
        foreach (var alteration in All) alteration.Apply(pod);
        return played;
    }

    private static void MakeSidecarsPlain(Translation pod)
    {
        var sidecars = pod.Spec["initContainers"]?.AsArray().Where(container => (string?)container!["restartPolicy"] == "Always").ToList() ?? [];
        foreach (var sidecar in sidecars)
        {
            pod.Spec["initContainers"]!.AsArray().Remove(sidecar);
            Remove(sidecar!.AsObject(), "restartPolicy");
            pod.List("containers").Insert(0, sidecar);
        }
    }

    private static void MakeFolders(Translation pod) => Each(pod.Volumes("emptyDir"), volume =>
    {
        var folder = Path.Combine(pod.Cluster.Folder, (string)volume["name"]!);
        Directory.CreateDirectory(folder);
        File.SetUnixFileMode(folder, (UnixFileMode)0b111_111_111);
        Remove(volume, "emptyDir");
        volume["hostPath"] = new JsonObject { ["path"] = folder, ["type"] = "Directory" };
    });

    private static void MakeSecretFolders(Translation pod) => Each(pod.Volumes("secret"), volume =>
    {
        var folder = Path.Combine(pod.Cluster.Folder, (string)volume["name"]!);
        Directory.CreateDirectory(folder);
        foreach (var (name, content) in pod.Cluster.Secrets.GetValueOrDefault((string)volume["secret"]!["secretName"]!) ?? new Dictionary<string, string>())
            File.WriteAllText(Path.Combine(folder, name), content);
        Remove(volume, "secret");
        volume["hostPath"] = new JsonObject { ["path"] = folder, ["type"] = "Directory" };
    });

    private static void Each(IEnumerable<JsonObject> of, Action<JsonObject> act)
    {
        foreach (var one in of.ToList()) act(one);
    }

    private static void Remove(JsonObject from, params string[] names)
    {
        foreach (var name in names) from.Remove(name);
    }
}
