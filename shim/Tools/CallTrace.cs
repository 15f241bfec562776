using System.Diagnostics;
using System.Text.Json.Nodes;
using Sidecar.Shim.Telemetry;

namespace Sidecar.Shim.Tools;

/// <summary>
/// Makes sure that a call has a trace, so that its broker and its log lines can be found: the client's if it names one in
/// the message, otherwise that of the HTTP request, otherwise a new one. HttpClient hands it on as traceparent. Where spans are
/// sent, it is one of them.
/// </summary>
internal static class CallTrace
{
    public static Activity? Start(string tool, JsonObject? meta)
    {
        var context = default(ActivityContext);
        var named = meta?["traceparent"] is JsonValue value && value.TryGetValue<string>(out var parent)
            && ActivityContext.TryParse(parent, null, isRemote: true, out context) ? parent : null;
        // A client that names its trace in the message mostly names it in the header too, and then the request comes between.
        var above = context.TraceId == Activity.Current?.TraceId ? default : context;
        if (ShimTelemetry.Spans.StartActivity($"tools/call {tool}", ActivityKind.Internal, above) is { } span) return span;
        if (named is null && Activity.Current is not null) return null;

        var activity = new Activity("tools/call").SetIdFormat(ActivityIdFormat.W3C);
        if (named is not null) activity.SetParentId(named);
        return activity.Start();
    }
}
