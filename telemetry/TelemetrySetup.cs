using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Sidecar.Telemetry;

/// <summary>Traces and metrics by OTLP for both programs.</summary>
public static class TelemetrySetup
{
    // Asked every few seconds by probes; they would bury the calls.
    private static readonly string[] Probes = ["/healthz", "/readyz", "/grpc.health.v1.Health/Check"];

    /// <summary>Sends traces and metrics if the settings name a collector. If not, nothing is built and nothing listens.</summary>
    /// <param name="builder">The program's.</param>
    /// <param name="service">Its name as a service, unless a setting gives another.</param>
    /// <param name="source">Name of its own source of spans and of its own meter.</param>
    public static void AddTelemetry(this IHostApplicationBuilder builder, string service, string source)
    {
        var configuration = builder.Configuration;
        var (traces, metrics) = (TelemetrySettings.SendsTraces(configuration), TelemetrySettings.SendsMetrics(configuration));
        if (!traces && !metrics) return;

        var telemetry = builder.Services.AddOpenTelemetry();
        // The settings come last, so that they win.
        telemetry.ConfigureResource(resource => resource.Clear().AddService(service).AddTelemetrySdk().AddEnvironmentVariableDetector());
        if (traces)
        {
            telemetry.WithTracing(tracing => tracing
                .AddAspNetCoreInstrumentation(server => server.Filter = context => !IsProbe(context))
                // These describe their calls themselves. Without one of them a trace would have a hole: its spans are made all the same.
                .AddSource("System.Net.Http", "Grpc.Net.Client", source)
                .AddProcessor(new SpanAllowList())
                .AddOtlpExporter(exporter => Connect(exporter, configuration)));
        }

        if (metrics)
        {
            telemetry.WithMetrics(meters => meters
                .AddMeter("Microsoft.AspNetCore.Hosting", "System.Net.Http", "System.Runtime", source)
                .AddView(new MetricAllowList(source).Apply)
                .AddOtlpExporter(exporter => Connect(exporter, configuration)));
        }
    }

    // Given always: the exporter would take the program's own client factory, which logs each request.
    private static void Connect(OtlpExporterOptions exporter, IConfiguration configuration) => exporter.HttpClientFactory = () =>
        new HttpClient(CollectorConnection.CreateHandler(configuration)) { Timeout = TimeSpan.FromMilliseconds(exporter.TimeoutMilliseconds) };

    private static bool IsProbe(HttpContext context) => Probes.Any(probe => context.Request.Path.Equals(probe, StringComparison.Ordinal));
}
