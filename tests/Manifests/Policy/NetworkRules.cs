using System.Net;
using k8s.Models;
using Sidecar.Tests.Manifests.Rendering;

namespace Sidecar.Tests.Manifests.Policy;

/// <summary>Who reaches the pod, and whom it reaches.</summary>
internal static class NetworkRules
{
    // Where clouds tell machines their secrets, Azure's platform, and addresses of networks of one's own.
    private static readonly string[] Forbidden =
        ["169.254.169.254", "168.63.129.16", "169.254.20.10", "fd00:ec2::254", "10.0.0.1", "172.16.0.1", "172.31.255.254", "192.168.1.1", "100.64.0.1", "127.0.0.1", "0.0.0.0", "224.0.0.1", "fe80::1", "fc00::1", "::1", "::10.0.0.1", "64:ff9b::a00:1"];

    public static IReadOnlyList<Rule> All { get; } =
    [
        Rule.Of("Both directions are closed but for what is opened", rendered => rendered.NetworkPolicies.Where(policy => IsOurs(policy, rendered)).SelectMany(policy => policy.Spec.PolicyTypes ?? []) is var types
            && types.Contains("Ingress") && types.Contains("Egress")),
        Rule.Of("Policies are about this user's pod", rendered => rendered.NetworkPolicies.All(policy => IsOurs(policy, rendered))
            && rendered.All("CiliumNetworkPolicy").All(policy => (string?)policy["spec"]!["endpointSelector"]!["matchLabels"]!["sidecar/user"] == rendered.Slug)),
        Rule.Of("One neighbour calls the shim, and nobody calls anything else", rendered => rendered.NetworkPolicies.SelectMany(policy => policy.Spec.Ingress ?? []).ToList() is
            [{ FromProperty: [{ IpBlock: null, PodSelector: null, NamespaceSelector: { MatchLabels: null, MatchExpressions: [{ Key: "kubernetes.io/metadata.name", OperatorProperty: "In", Values: [var neighbour] }] } }], Ports: [{ Protocol: "TCP", Port.Value: "8080", EndPort: null }] }]
            && neighbour == (rendered.Combination.Has("scale-to-zero") ? "keda" : "envoy-gateway-system") && rendered.All("CiliumNetworkPolicy").All(policy => policy["spec"]!["ingress"] is null)),
        new Rule("No forbidden address is reached", rendered => Forbidden.Where(address => rendered.NetworkPolicies.SelectMany(policy => policy.Spec.Egress ?? []).Any(rule => Reaches(rule, IPAddress.Parse(address))))),
        Rule.Of("Of the world it reaches https, if not a list of names", rendered => rendered.NetworkPolicies.SelectMany(policy => policy.Spec.Egress ?? []).Where(rule => Reaches(rule, IPAddress.Parse("20.50.2.1")) || Reaches(rule, IPAddress.Parse("2606:2800::1"))).ToList() is var world
            && world.All(rule => rule.Ports is [{ Protocol: "TCP", Port.Value: "443", EndPort: null }]) && world.Count == (rendered.Combination.Has("cilium") ? 0 : 1)),
        Rule.Of("It asks the cluster's DNS, and no other", rendered => rendered.Combination.Has("cilium") || rendered.NetworkPolicies.SelectMany(policy => policy.Spec.Egress ?? []).Where(rule => rule.Ports?.Any(port => port.Port?.Value == "53") != false).ToList() is
            [{ To: [{ IpBlock: null, NamespaceSelector.MatchExpressions: [{ Key: "kubernetes.io/metadata.name", Values: ["kube-system"] }], PodSelector: { MatchLabels: null, MatchExpressions: [{ Key: "k8s-app", Values: ["kube-dns"] }] } }], Ports.Count: 2 }]),
        Rule.Of("No peer was given the user's label", rendered => rendered.NetworkPolicies.SelectMany(policy => policy.Spec.Egress ?? []).SelectMany(rule => rule.To ?? []).Concat(rendered.NetworkPolicies.SelectMany(policy => policy.Spec.Ingress ?? []).SelectMany(rule => rule.FromProperty ?? []))
            .All(peer => peer.PodSelector?.MatchLabels is null && peer.NamespaceSelector?.MatchLabels is null)),
        Rule.Of("Cilium lets it call names, by https, and nothing besides", rendered => rendered.All("CiliumNetworkPolicy").All(policy => policy["spec"]!["egress"]!.AsArray().All(rule => rule!.AsObject().Select(pair => pair.Key).Order().ToList() is
            ["toEndpoints", "toPorts"] or ["toFQDNs", "toPorts"]) && policy["spec"]!["egress"]!.AsArray().Where(rule => rule!["toFQDNs"] is not null).All(rule => rule!["toPorts"]!.ToJsonString() == """[{"ports":[{"port":"443","protocol":"TCP"}]}]"""
            && rule["toFQDNs"]!.AsArray().All(name => (string?)name!["matchName"] is { } host && host.Contains('.', StringComparison.Ordinal) && !host.Contains('*', StringComparison.Ordinal))))),
        Rule.Of("The vault is among Cilium's names", rendered => rendered.All("CiliumNetworkPolicy").All(policy => policy["spec"]!["egress"]![1]!["toFQDNs"]!.AsArray().Any(name => (string?)name!["matchName"] == new Uri(rendered.Settings(rendered.Broker)["Credential__VaultUri"]).Host))),
        Rule.Of("A collector is reached where one is named", rendered => rendered.Settings(rendered.Shim).ContainsKey("OTEL_EXPORTER_OTLP_ENDPOINT") == rendered.NetworkPolicies.SelectMany(policy => policy.Spec.Egress ?? []).Any(rule => rule.Ports?.Any(port => port.Port.Value == "4317") == true)
            && rendered.Settings(rendered.Shim).GetValueOrDefault("OTEL_RESOURCE_ATTRIBUTES") == (rendered.Combination.Has("otel") ? $"sidecar.user={rendered.Slug}" : null)),
    ];

    public static bool Selects(IDictionary<string, string>? selector, Rendered rendered) =>
        selector is { Count: > 0 } && selector.All(pair => rendered.Deployment.Spec.Template.Metadata.Labels.TryGetValue(pair.Key, out var value) && value == pair.Value);

    private static bool IsOurs(V1NetworkPolicy policy, Rendered rendered) =>
        policy.Spec.PodSelector is { MatchExpressions: null, MatchLabels: { } labels } && labels.TryGetValue("sidecar/user", out var user) && user == rendered.Slug && Selects(labels, rendered);

    // A rule without a peer is for everybody. Peers by selector are pods, and these addresses are none.
    private static bool Reaches(V1NetworkPolicyEgressRule rule, IPAddress address) => rule.To is null or [] || rule.To.Any(peer =>
        peer.IpBlock is { } block && IPNetwork.Parse(block.Cidr).Contains(address) && !(block.Except ?? []).Any(except => IPNetwork.Parse(except).Contains(address)));
}
