using Microsoft.Extensions.Configuration;

namespace Sidecar.Telemetry;

/// <summary>The standard settings <c>OTEL_…</c>, as far as they decide whether anything is sent, and whether they hold.</summary>
public static class TelemetrySettings
{
    internal const string Certificate = "OTEL_EXPORTER_OTLP_CERTIFICATE";

    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT", Protocol = "OTEL_EXPORTER_OTLP_PROTOCOL";

    // The SDK passes over these in silence, and an operator who sets one would wait for what never comes.
    private static readonly string[] Unsupported =
    [
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL",
        "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", "OTEL_EXPORTER_OTLP_CLIENT_KEY",
    ];

    /// <summary>True if spans are sent: there is an endpoint, and neither everything nor this is switched off.</summary>
    public static bool SendsTraces(IConfiguration configuration) => Sends(configuration, "OTEL_TRACES_EXPORTER");

    /// <summary>True if metrics are sent.</summary>
    public static bool SendsMetrics(IConfiguration configuration) => Sends(configuration, "OTEL_METRICS_EXPORTER");

    /// <summary>What is wrong with the settings. Values are not quoted: an endpoint or a header may hold a credential.</summary>
    public static IEnumerable<string> Problems(IConfiguration configuration)
    {
        foreach (var name in Unsupported.Where(name => Text(configuration, name) is not null))
            yield return $"{name} is not supported; {Endpoint} and {Protocol} hold for traces and metrics alike, {Certificate} names the collector's authority.";
        if (Text(configuration, Endpoint) is { } endpoint && !IsUrl(endpoint))
            yield return $"{Endpoint} has to be an http or https URL, such as http://collector.example:4317.";
        if (Text(configuration, Protocol) is not (null or "grpc" or "http/protobuf"))
            yield return $"{Protocol} has to be grpc or http/protobuf.";
        foreach (var name in new[] { "OTEL_TRACES_EXPORTER", "OTEL_METRICS_EXPORTER" })
            if (Text(configuration, name) is not (null or "otlp" or "none")) yield return $"{name} has to be otlp or none.";
        if (Text(configuration, Certificate) is { } file && CollectorConnection.ProblemWith(file) is { } problem)
            yield return $"{Certificate} {file} {problem}";
    }

    internal static string? Text(IConfiguration configuration, string name) => configuration[name] is { Length: > 0 } text ? text : null;

    private static bool Sends(IConfiguration configuration, string exporter) =>
        Text(configuration, Endpoint) is not null
        && !"true".Equals(configuration["OTEL_SDK_DISABLED"], StringComparison.OrdinalIgnoreCase)
        && Text(configuration, exporter) != "none";

    private static bool IsUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps);
}
