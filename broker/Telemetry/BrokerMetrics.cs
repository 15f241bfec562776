using System.Diagnostics;
using System.Diagnostics.Metrics;
using Sidecar.Broker.Sdp;

namespace Sidecar.Broker.Telemetry;

/// <summary>
/// What the broker counts itself; see docs/observability.md. One for the process, as it serves one user; while nobody listens,
/// a measurement is a look at a field. No tag has an id, a name of a person, or text.
/// </summary>
internal static class BrokerMetrics
{
    public const string Name = "Sidecar.Broker", Ok = "OK";

    private static readonly Meter Meter = new(Name);

    private static readonly Histogram<double> Operations = Durations(
        "sidecar.operation.duration", "Operations by name and outcome: OK, or the reason that the caller is told.");

    private static readonly Histogram<double> SdpCalls = Durations(
        "sidecar.sdp.call.duration", "Calls sent to ServiceDesk Plus, by kind (method and path without ids) and outcome.");

    private static readonly Counter<long> TokenRequests = Meter.CreateCounter<long>(
        "sidecar.token.requests", "{request}", "Requests for an access token, or trials of a technician key, by outcome.");

    public static void Operation(string operation, string outcome, TimeSpan elapsed)
    {
        Operations.Record(elapsed.TotalSeconds, new("operation", operation), new("outcome", outcome));
        // The span is the server's, of the rpc.
        var span = Activity.Current;
        span?.SetTag("sidecar.operation", operation).SetTag("sidecar.outcome", outcome);
        if (outcome != Ok) span?.SetStatus(ActivityStatusCode.Error);
    }

    public static void SdpCall(CallKind kind, string outcome, TimeSpan elapsed) =>
        SdpCalls.Record(elapsed.TotalSeconds, new("kind", kind.Name), new("outcome", outcome));

    public static void TokenRequest(string outcome) => TokenRequests.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    private static Histogram<double> Durations(string name, string description) => Meter.CreateHistogram<double>(name, "s", description, advice: new()
    {
        HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    });
}
