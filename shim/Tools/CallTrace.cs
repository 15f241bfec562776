using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Sidecar.Shim.Tools;

/// <summary>
/// Makes sure that a call has a trace, so that its broker and its log lines can be found: the client's if it names one in
/// the message, otherwise that of the HTTP request, otherwise a new one. HttpClient hands it on as traceparent.
/// </summary>
internal static class CallTrace
{
    public static Activity? Start(JsonObject? meta)
    {
        var named = meta?["traceparent"] is JsonValue value && value.TryGetValue<string>(out var parent)
            && ActivityContext.TryParse(parent, null, isRemote: true, out _) ? parent : null;
        if (named is null && Activity.Current is not null) return null;

        var activity = new Activity("tools/call").SetIdFormat(ActivityIdFormat.W3C);
        if (named is not null) activity.SetParentId(named);
        return activity.Start();
    }
}
