using System.Text.Json.Nodes;
using k8s;
using k8s.Models;

namespace Sidecar.Tests.Manifests.Rendering;

/// <summary>What is rendered for one user.</summary>
/// <param name="Combination">Of which components.</param>
/// <param name="Slug">Whose it is.</param>
/// <param name="Documents">Each object.</param>
internal sealed record Rendered(Combination Combination, string Slug, IReadOnlyList<JsonObject> Documents)
{
    public V1Deployment Deployment => field ??= Of<V1Deployment>("Deployment").Single();

    public V1PodSpec Pod => Deployment.Spec.Template.Spec;

    public V1Container Broker => Pod.InitContainers?.FirstOrDefault(container => container.Name == "broker") ?? throw new ArgumentException("There is no broker.");

    public V1Container Shim => Pod.Containers.FirstOrDefault(container => container.Name == "shim") ?? throw new ArgumentException("There is no shim.");

    public IReadOnlyList<V1NetworkPolicy> NetworkPolicies => field ??= Of<V1NetworkPolicy>("NetworkPolicy");

    public string Prefix => $"sdp-{Slug}-";

    public IReadOnlyList<T> Of<T>(string kind) => [.. All(kind).Select(document => KubernetesJson.Deserialize<T>(document.ToJsonString()))];

    public IEnumerable<JsonObject> All(string kind) => Documents.Where(document => (string?)document["kind"] == kind);

    /// <summary>The settings that a container is given.</summary>
    public IReadOnlyDictionary<string, string> Settings(V1Container container)
    {
        var name = container.EnvFrom?.SingleOrDefault()?.ConfigMapRef?.Name;
        return (IReadOnlyDictionary<string, string>?)Of<V1ConfigMap>("ConfigMap").SingleOrDefault(map => map.Metadata.Name == name)?.Data?.AsReadOnly() ?? new Dictionary<string, string>();
    }

    /// <summary>The same, to be changed.</summary>
    public Rendered Copy() => new(Combination, Slug, [.. Documents.Select(document => (JsonObject)document.DeepClone())]);

    public override string ToString() => $"{Combination}";
}
