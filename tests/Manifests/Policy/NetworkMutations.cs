namespace Sidecar.Tests.Manifests.Policy;

/// <summary>What somebody might do to the network and the routes.</summary>
internal static class NetworkMutations
{
    private const string Network = "NetworkPolicy spec|", Route = "HTTPRoute spec|rules|0|", Cilium = "CiliumNetworkPolicy spec|";

    public static IReadOnlyList<Mutation> All { get; } =
    [
        new("Both directions are closed but for what is opened", $"{Network}policyTypes|1", null),
        new("Both directions are closed but for what is opened", $"{Network}policyTypes|0", null),
        new("Both directions are closed but for what is opened", $"{Network}podSelector|matchLabels|sidecar/user", "\"another\""),
        new("Policies are about this user's pod", $"{Network}podSelector", "{}"),
        new("Policies are about this user's pod", $"{Cilium}endpointSelector|matchLabels|sidecar/user", null, "cilium"),
        new("One neighbour calls the shim, and nobody calls anything else", $"{Network}ingress|0|from", null),
        new("One neighbour calls the shim, and nobody calls anything else", $"{Network}ingress|0|from|0|namespaceSelector", "{}"),
        new("One neighbour calls the shim, and nobody calls anything else", $"{Network}ingress|0|ports", null),
        new("One neighbour calls the shim, and nobody calls anything else", $"{Network}ingress|+", "{}"),
        new("One neighbour calls the shim, and nobody calls anything else", $"{Network}ingress|0|from|0|namespaceSelector|matchExpressions|0|values|0", "\"envoy-gateway-system\"", "gateway", "scale-to-zero"),
        new("No forbidden address is reached", $"{Network}egress|1|to|0|ipBlock|except|5", null),
        new("No forbidden address is reached", $"{Network}egress|1|to|0|ipBlock|except|1", null),
        new("No forbidden address is reached", $"{Network}egress|1|to|1|ipBlock|except|3", null),
        new("No forbidden address is reached", $"{Network}egress|1|to|1|ipBlock|except", null),
        new("No forbidden address is reached", $"{Network}egress|+", "{}"),
        new("Of the world it reaches https, if not a list of names", $"{Network}egress|1|ports|0|port", "80"),
        new("Of the world it reaches https, if not a list of names", $"{Network}egress|1|ports", null),
        new("Of the world it reaches https, if not a list of names", $"{Network}egress|+", """{"to":[{"ipBlock":{"cidr":"0.0.0.0/0"}}],"ports":[{"protocol":"TCP","port":443}]}""", "cilium"),
        new("It asks the cluster's DNS, and no other", $"{Network}egress|0|to", null),
        new("It asks the cluster's DNS, and no other", $"{Network}egress|0|to|0|podSelector", null),
        new("No peer was given the user's label", $"{Network}egress|0|to|0|podSelector|matchLabels", """{"sidecar/user":"a"}"""),
        new("Cilium lets it call names, by https, and nothing besides", $"{Cilium}egress|+", """{"toEntities":["world"]}""", "cilium"),
        new("Cilium lets it call names, by https, and nothing besides", $"{Cilium}egress|1|toFQDNs|+", """{"matchPattern":"*"}""", "cilium"),
        new("Cilium lets it call names, by https, and nothing besides", $"{Cilium}egress|1|toPorts|0|ports|0|port", "\"80\"", "cilium"),
        new("The vault is among Cilium's names", $"{Cilium}egress|1|toFQDNs|0", null, "cilium"),
        new("A collector is reached where one is named", "NetworkPolicy/sidecar.otel spec|egress|0|ports|0", null, "otel"),
        new("A collector is reached where one is named", "ConfigMap/shim data|OTEL_RESOURCE_ATTRIBUTES", null, "otel"),
        new("A route leads to its user's pod, or to the interceptor that does", $"{Route}backendRefs|0|name", "\"another\"", "gateway"),
        new("A route leads to its user's pod, or to the interceptor that does", $"{Route}backendRefs|0|namespace", null, "gateway", "scale-to-zero"),
        new("A route says whose it is, whatever the client said", $"{Route}filters|1", null, "gateway"),
        new("A route takes what is its user's and nothing else", $"{Route}matches|0|path|type", "\"PathPrefix\"", "gateway"),
        new("A route takes what is its user's and nothing else", $"{Route}matches|0|path|value", "\"/another/mcp\"", "gateway"),
        new("A route takes what is its user's and nothing else", $"{Route}matches|0|headers", null, "entra", "one-url"),
        new("A route lets a call take its time", $"{Route}timeouts", null, "gateway"),
        new("Clients come by a name that the shim serves", "HTTPRoute spec|hostnames|0", "\"another.example.com\"", "gateway"),
        new("Tokens are for the URL that clients call", "ConfigMap/shim data|Shim__Access__Entra__ResourceUrl", "\"https://mcp.example.com/mcp\"", "gateway", "entra"),
        new("An allowlist is of this route, and closed to the rest", "SecurityPolicy spec|authorization|defaultAction", "\"Allow\"", "gateway", "allowlist"),
        new("An allowlist is of this route, and closed to the rest", "SecurityPolicy spec|targetRefs|0|name", "\"another\"", "gateway", "allowlist"),
        new("An allowlist is of this route, and closed to the rest", "SecurityPolicy spec|mergeType", null, "gateway", "allowlist"),
        new("The interceptor scales this pod, by this user's header", "HTTPScaledObject spec|headers", null, "gateway", "scale-to-zero"),
        new("The interceptor scales this pod, by this user's header", "HTTPScaledObject spec|scaleTargetRef|service", "\"another\"", "gateway", "scale-to-zero"),
    ];
}
