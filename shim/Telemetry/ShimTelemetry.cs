using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Sidecar.Shim.Telemetry;

/// <summary>What the shim tells of a tool call itself; see docs/observability.md. The words are those of its log line.</summary>
internal static class ShimTelemetry
{
    public const string Name = "Sidecar.Shim";

    private static readonly Meter Meter = new(Name);

    private static readonly Histogram<double> ToolCalls = Meter.CreateHistogram<double>(
        "sidecar.tool.call.duration", "s", "Tool calls by tool and outcome.", advice: new()
        {
            HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
        });

    /// <summary>
    /// Where spans of tool calls begin. The SDK's own are not used: as a status they have the text of an error, which quotes
    /// tickets, and as a name what the client called the tool.
    /// </summary>
    public static ActivitySource Spans { get; } = new(Name);

    public static void ToolCall(Activity? span, string tool, string outcome, TimeSpan elapsed)
    {
        ToolCalls.Record(elapsed.TotalSeconds, new("tool", tool), new("outcome", outcome));
        span?.SetTag("sidecar.tool", tool).SetTag("sidecar.outcome", outcome);
        if (outcome != "OK") span?.SetStatus(ActivityStatusCode.Error);
    }
}
