using Sidecar.Tests.EndToEnd.Telemetry.Otlp;

namespace Sidecar.Tests.EndToEnd.Telemetry;

/// <summary>One value of a metric as the collector got it; of a histogram, how many measurements.</summary>
internal sealed record ReceivedPoint(string Service, string Scope, string Metric, IReadOnlyList<KeyValue> Attributes, double Number)
{
    public string? this[string attribute] => ReceivedSpan.Value(Attributes, attribute);

    public static IEnumerable<ReceivedPoint> Of(string service, string scope, Metric metric) =>
    [
        .. (metric.Gauge ?? metric.Sum)?.DataPoints.Select(point => new ReceivedPoint(service, scope, metric.Name, point.Attributes, point.AsInt + point.AsDouble)) ?? [],
        .. metric.Histogram?.DataPoints.Select(point => new ReceivedPoint(service, scope, metric.Name, point.Attributes, point.Count)) ?? [],
    ];
}
