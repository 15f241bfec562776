using System.Diagnostics;
using OpenTelemetry;

namespace Sidecar.Telemetry;

/// <summary>
/// Lets through what is named here and nothing else, whichever library, version or setting put it there: URLs without their
/// query, which has search text in it, and without ids; no header, no error text, no word a client chose.
/// </summary>
internal sealed class SpanAllowList : BaseProcessor<Activity>
{
    private const string Url = "url.full", Rpc = "grpc.method";

    private static readonly HashSet<string> Allowed =
    [
        "http.request.method", "http.response.status_code", "http.route", "network.protocol.version", "error.type", Url, Rpc, "grpc.status_code",
        "sidecar.tool", "sidecar.operation", "sidecar.outcome",
    ];

    // On the serving side these are what a client wrote into its Host header.
    private static readonly HashSet<string> AllowedOfClients = [.. Allowed, "server.address", "server.port"];

    public override void OnEnd(Activity data)
    {
        if (data.GetTagItem(Url) is string url)
        {
            var template = UrlTemplate.Of(url);
            data.SetTag(Url, template);
            data.DisplayName = $"{data.GetTagItem("http.request.method")} {UrlTemplate.PathOf(template)}";
        }

        // Its name would be the same for every rpc.
        if (data is { Kind: ActivityKind.Client } && data.GetTagItem(Rpc) is string rpc) data.DisplayName = rpc.TrimStart('/');

        var allowed = data.Kind == ActivityKind.Client ? AllowedOfClients : Allowed;
        foreach (var key in data.TagObjects.Select(tag => tag.Key).Where(key => !allowed.Contains(key)).ToList()) data.SetTag(key, null);
        data.TraceStateString = null;
        if (data.StatusDescription is not null) data.SetStatus(data.Status);

        // An event mostly is an exception with its message, and cannot be taken off. Nothing here adds one.
        if (data.Events.Any()) data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
    }
}
