using System.Text.Json.Nodes;
using Sidecar.Tests.Manifests.Rendering;

namespace Sidecar.Tests.Manifests.Policy;

/// <summary>The way from the gateway to the pod.</summary>
internal static class RouteRules
{
    public static IReadOnlyList<Rule> All { get; } =
    [
        Rule.Of("A route leads to its user's pod, or to the interceptor that does", rendered => Rules(rendered).All(rule => rule["backendRefs"]!.ToJsonString() == Backend(rendered))),
        Rule.Of("A route says whose it is, whatever the client said", rendered => Rules(rendered).All(rule => rule["filters"]!.AsArray().Any(filter => filter!["requestHeaderModifier"]?["set"]?.ToJsonString() == $$"""[{"name":"X-Sidecar-User","value":"{{rendered.Slug}}"}]"""))),
        Rule.Of("A route takes what is its user's and nothing else", rendered => Rules(rendered).SelectMany(rule => rule["matches"]!.AsArray()).All(match => (string?)match!["path"]!["type"] == "Exact" && (rendered.Combination.Has("one-url")
            ? match["path"]!["value"]!.ToString() == "/mcp" && match["headers"]!.ToJsonString() == $$"""[{"name":"X-Sidecar-Owner","type":"Exact","value":"{{rendered.Settings(rendered.Shim)["Shim__Access__Entra__Owner"]}}"}]"""
            : match["path"]!["value"]!.ToString().EndsWith($"/{rendered.Slug}/mcp", StringComparison.Ordinal)))),
        Rule.Of("A route lets a call take its time", rendered => Rules(rendered).Take(1).All(rule => (string?)rule["timeouts"]!["request"] == (rendered.Combination.Has("scale-to-zero") ? "200s" : "130s"))),
        Rule.Of("Clients come by a name that the shim serves", rendered => rendered.All("HTTPRoute").All(route => route["spec"]!["hostnames"]!.ToJsonString() == $"[\"{rendered.Settings(rendered.Shim)["AllowedHosts"]}\"]")),
        Rule.Of("Tokens are for the URL that clients call", rendered => rendered.Settings(rendered.Shim).GetValueOrDefault("Shim__Access__Entra__ResourceUrl") is var url
            && url == (rendered.Combination.Has("entra") ? $"https://mcp.example.com/{(rendered.Combination.Has("gateway") ? $"{rendered.Slug}/" : "")}mcp" : null)),
        Rule.Of("An allowlist is of this route, and closed to the rest", rendered => rendered.All("SecurityPolicy").All(policy => policy["spec"]!["targetRefs"]!.AsArray().Single()!["name"]!.ToString() == rendered.All("HTTPRoute").Single()["metadata"]!["name"]!.ToString()
            && (string?)policy["spec"]!["authorization"]!["defaultAction"] == "Deny" && (string?)policy["spec"]!["mergeType"] == "StrategicMerge")),
        Rule.Of("The interceptor scales this pod, by this user's header", rendered => rendered.All("HTTPScaledObject").All(scaled => (string?)scaled["spec"]!["scaleTargetRef"]!["name"] == rendered.Deployment.Metadata.Name
            && (string?)scaled["spec"]!["scaleTargetRef"]!["service"] == $"{rendered.Prefix}shim" && scaled["spec"]!["headers"]!.ToJsonString() == $$"""[{"name":"X-Sidecar-User","value":"{{rendered.Slug}}"}]"""
            && scaled["spec"]!["hosts"]!.ToJsonString() == rendered.All("HTTPRoute").Single()["spec"]!["hostnames"]!.ToJsonString())),
    ];

    private static IEnumerable<JsonNode> Rules(Rendered rendered) => rendered.All("HTTPRoute").SelectMany(route => route["spec"]!["rules"]!.AsArray())!;

    private static string Backend(Rendered rendered) => rendered.Combination.Has("scale-to-zero")
        ? """[{"name":"keda-add-ons-http-interceptor-proxy","namespace":"keda","port":8080}]"""
        : $$"""[{"name":"{{rendered.Prefix}}shim","port":8080}]""";
}
