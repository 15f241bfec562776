using k8s;
using k8s.Models;
using Sidecar.Tests.Manifests.Crds;
using Sidecar.Tests.Manifests.Rendering;

namespace Sidecar.Tests.Manifests;

/// <summary>Everything rendered is what the API server takes: no field that it does not know, none that it misses.</summary>
public class StrictTests
{
    private static readonly string[] Core = ["ServiceAccount", "ConfigMap", "Service", "Deployment", "NetworkPolicy", "Namespace"];

    [Fact]
    public async Task Objects_of_Kubernetes_have_its_fields_and_those_of_add_ons_have_theirs()
    {
        var faults = new List<string>();
        foreach (var (rendered, texts) in await AllRendered.TextsAsync())
            faults.AddRange(texts.SelectMany(Faults).Select(fault => $"{rendered}: {fault}"));
        faults.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("k8s/gateway/by-path")]
    [InlineData("k8s/gateway/one-url")]
    [InlineData("k8s/gateway/scale-to-zero")]
    public async Task The_gateways_have_too(string folder) =>
        Yaml.Documents(await Kustomize.RenderAsync(Repository.PathOf(folder))).SelectMany(Faults).ShouldBeEmpty();

    [Theory]
    [InlineData("k8s/namespace.yaml")]
    [InlineData("k8s/argocd/applicationset.yaml")]
    public void And_so_have_the_files_that_are_applied_as_they_are(string file) => Faults(File.ReadAllText(Repository.PathOf(file))).ShouldBeEmpty();

    [Theory]
    [InlineData("apiVersion: v1\nkind: Service\nspec: {port: 1}")]
    [InlineData("apiVersion: v1\nkind: Service\nspec: {ports: 1}")]
    [InlineData("apiVersion: apps/v1\nkind: Deployment\nspec: {template: {spec: {containers: [{name: a, livenessProbe: {httpGet: {uri: /}}}]}}}")]
    [InlineData("apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nspec: {hostname: a}")]
    [InlineData("apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nspec: {hostnames: a}")]
    [InlineData("apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nspec: {rules: [{backendRefs: [{port: 1}]}]}")]
    [InlineData("apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nspec: {rules: [{matches: [{path: {type: Prefix, value: /}}]}]}")]
    [InlineData("apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nspec: {rules: [{backendRefs: [{name: a, port: \"1\"}]}]}")]
    [InlineData("apiVersion: gateway.networking.k8s.io/v1beta1\nkind: HTTPRoute\nspec: {}")]
    [InlineData("apiVersion: http.keda.sh/v1alpha1\nkind: HTTPScaledObject\nspec: {}")]
    [InlineData("apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nspec: {egress: [{toFQDN: []}]}")]
    public void What_it_does_not_take_is_found(string document) => Faults(document).ShouldNotBeEmpty();

    private static IEnumerable<string> Faults(string text)
    {
        var json = Yaml.Parse(text);
        if (!Core.Contains((string?)json["kind"])) return CrdFacts.Faults(json);
        try
        {
            KubernetesYaml.LoadAllFromString(text, typeMap: null, strict: true).ShouldHaveSingleItem().ShouldBeAssignableTo<IKubernetesObject<V1ObjectMeta>>();
            return [];
        }
        catch (YamlDotNet.Core.YamlException exception)
        {
            return [$"{exception.Message} {exception.InnerException?.Message}"];
        }
    }
}
