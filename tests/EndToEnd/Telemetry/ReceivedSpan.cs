using Sidecar.Tests.EndToEnd.Telemetry.Otlp;

namespace Sidecar.Tests.EndToEnd.Telemetry;

/// <summary>A span as the collector got it.</summary>
internal sealed record ReceivedSpan(string Service, string Scope, Span Span)
{
    public string Trace => Convert.ToHexString(Span.TraceId.Span);

    public string Id => Convert.ToHexString(Span.SpanId.Span);

    public string Parent => Convert.ToHexString(Span.ParentSpanId.Span);

    public string? this[string attribute] => Value(Span.Attributes, attribute);

    public static string? Value(IEnumerable<KeyValue> attributes, string key) => attributes.FirstOrDefault(attribute => attribute.Key == key)?.Value switch
    {
        null => null,
        { ValueCase: AnyValue.ValueOneofCase.StringValue } text => text.StringValue,
        var number => $"{number.IntValue}",
    };
}
