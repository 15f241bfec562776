using System.Text.Json.Nodes;

namespace Sidecar.Tests.Containers.Pods.Rendering;

/// <summary>A rendered pod on its way to be played, with what a cluster would add to it.</summary>
/// <param name="Template">The pod's template in its Deployment: metadata and spec.</param>
/// <param name="ServiceAccount">The account it runs as.</param>
/// <param name="Cluster">What the cluster has for it.</param>
internal sealed record Translation(JsonObject Template, JsonObject ServiceAccount, ClusterFacts Cluster)
{
    public JsonObject Spec => Template["spec"]!.AsObject();

    public JsonArray List(string name)
    {
        if (Spec[name] is JsonArray there) return there;
        var made = new JsonArray();
        Spec[name] = made;
        return made;
    }

    /// <summary>All containers, wherever they stand.</summary>
    public IEnumerable<JsonObject> Containers =>
        new[] { "initContainers", "containers" }.SelectMany(list => Spec[list]?.AsArray() ?? []).Select(container => container!.AsObject());

    /// <summary>Volumes of a kind, such as emptyDir.</summary>
    public IEnumerable<JsonObject> Volumes(string kind) =>
        (Spec["volumes"]?.AsArray() ?? []).Select(volume => volume!.AsObject()).Where(volume => volume.ContainsKey(kind));
}

/// <summary>What a cluster knows of a pod beside its manifests.</summary>
/// <param name="Folder">A folder in memory for this pod alone; it goes with the pod.</param>
/// <param name="TenantId">Tenant that the workload identity webhook is set up with.</param>
/// <param name="AuthorityHost">Its authority.</param>
/// <param name="TokenFolder">Folder with the service account's projected token.</param>
/// <param name="Secrets">Files of Secrets that are in the cluster and in no manifest, by the Secret's name.</param>
internal sealed record ClusterFacts(string Folder, string TenantId, Uri AuthorityHost, string TokenFolder, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Secrets);
