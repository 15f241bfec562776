using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace Sidecar.Tests.Containers.Pods.Gateway;

/// <summary>One rule of an HTTPRoute, for one of its matches.</summary>
internal sealed record Route(string Host, JsonObject Match, JsonArray Filters, string? Service)
{
    private string PathType => (string)Match["path"]!["type"]!;

    private string Path => (string)Match["path"]!["value"]!;

    private JsonArray Headers => Match["headers"]?.AsArray() ?? [];

    /// <summary>All rules of some HTTPRoutes.</summary>
    public static IEnumerable<Route> Of(IEnumerable<JsonObject> routes) =>
        from route in routes
        from host in route["spec"]!["hostnames"]!.AsArray()
        from rule in route["spec"]!["rules"]!.AsArray()
        from match in rule!["matches"]!.AsArray()
        select new Route((string)host!, match!.AsObject(), rule["filters"]?.AsArray() ?? [], (string?)rule["backendRefs"]?[0]?["name"]);

    /// <summary>The rule that takes a request, by the precedence that the Gateway API lays down: exact paths, longer ones, more headers.</summary>
    public static Route? Choose(IEnumerable<Route> all, HttpRequest request) => all
        .Where(route => route.Takes(request))
        .OrderByDescending(route => route.PathType == "Exact").ThenByDescending(route => route.Path.Length).ThenByDescending(route => route.Headers.Count)
        .FirstOrDefault();

    private bool Takes(HttpRequest request) => request.Host.Host == Host && TakesPath(request.Path.Value!) && Headers.All(header => TakesHeader(header!, request));

    private bool TakesPath(string path) => PathType switch
    {
        "Exact" => path == Path,
        "PathPrefix" => path == Path || path.StartsWith($"{Path.TrimEnd('/')}/", StringComparison.Ordinal),
        _ => throw new NotSupportedException(PathType),
    };

    private static bool TakesHeader(JsonNode header, HttpRequest request)
    {
        var (value, wanted) = ((string?)request.Headers[(string)header["name"]!], (string)header["value"]!);
        return (string)header["type"]! switch
        {
            "Exact" => value == wanted,
            "RegularExpression" => value is not null && Regex.IsMatch(value, $"^(?:{wanted})$"),
            var type => throw new NotSupportedException(type),
        };
    }
}
