using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sidecar.Tests.EndToEnd.Telemetry.Otlp;

namespace Sidecar.Tests.EndToEnd.Telemetry;

/// <summary>A collector that keeps all it gets, by gRPC and by HTTP.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private const int GrpcFrameHead = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly WebApplication _app;
    private readonly CancellationTokenSource _end = new();
    private int _connections, _deliveries;
    private bool _disposed;

    private Collector(X509Certificate2? certificate)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        if (certificate is not null) builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(server =>
        {
            foreach (var protocol in new[] { HttpProtocols.Http2, HttpProtocols.Http1 })
            {
                server.Listen(IPAddress.Loopback, 0, listen =>
                {
                    listen.Protocols = protocol;
                    listen.Use(next => connection =>
                    {
                        Interlocked.Increment(ref _connections);
                        return next(connection);
                    });
                    if (certificate is not null) listen.UseHttps(certificate);
                });
            }
        });
        _app = builder.Build();
        _app.Run(ReceiveAsync);
    }

    public CollectorMood Mood { get; set; }

    /// <summary>Connections opened to it.</summary>
    public int Connections => _connections;

    /// <summary>Deliveries begun, whatever it did with them.</summary>
    public int Deliveries => _deliveries;

    /// <summary>What came, byte by byte.</summary>
    public ConcurrentQueue<byte[]> Bodies { get; } = new();

    public ConcurrentQueue<ReceivedSpan> Spans { get; } = new();

    public ConcurrentQueue<ReceivedPoint> Points { get; } = new();

    public static async Task<Collector> StartAsync(X509Certificate2? certificate = null)
    {
        var collector = new Collector(certificate);
        await collector._app.StartAsync(TestContext.Current.CancellationToken);
        return collector;
    }

    /// <summary>Settings that have a program send to it, soon.</summary>
    public Dictionary<string, string> Settings(string protocol = "grpc", string? host = null) => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Url(protocol, host),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = protocol,
        ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
    };

    /// <summary>Waits for something to have come, for as long as a slow machine may take.</summary>
    public async Task UntilAsync(Func<bool> holds, string what)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        end.CancelAfter(Patience);
        while (!holds())
        {
            if (end.IsCancellationRequested)
                throw new TimeoutException($"{what} did not come. Spans: {string.Join(", ", Spans.Select(span => $"{span.Service} {span.Span.Name}").Distinct())}; metrics: {string.Join(", ", Points.Select(point => point.Metric).Distinct())}");
            await Task.Delay(20, CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed) return;
        _disposed = true;
        await _end.CancelAsync();
        await _app.DisposeAsync();
        _end.Dispose();
    }

    private string Url(string protocol, string? host)
    {
        var addresses = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ToList();
        var address = new UriBuilder(addresses[protocol == "grpc" ? 0 : 1]);
        if (host is not null) address.Host = host;
        return address.Uri.GetLeftPart(UriPartial.Authority);
    }

    private async Task ReceiveAsync(HttpContext context)
    {
        var isGrpc = context.Request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) == true;
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        Interlocked.Increment(ref _deliveries);
        if (Mood == CollectorMood.Hangs)
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(_end.Token, context.RequestAborted);
            await Task.Delay(Timeout.Infinite, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }

        if (Mood == CollectorMood.Takes) Keep(context.Request.Path, isGrpc ? body.ToArray()[GrpcFrameHead..] : body.ToArray());
        await AnswerAsync(context, isGrpc);
    }

    private async Task AnswerAsync(HttpContext context, bool isGrpc)
    {
        var takes = Mood == CollectorMood.Takes;
        if (!isGrpc)
        {
            context.Response.StatusCode = takes ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
            context.Response.ContentType = "application/x-protobuf";
            return;
        }

        context.Response.ContentType = "application/grpc";
        if (takes) await context.Response.Body.WriteAsync(new byte[GrpcFrameHead]);
        context.Response.AppendTrailer("grpc-status", takes ? "0" : "14");
    }

    private void Keep(string path, byte[] body)
    {
        Bodies.Enqueue(body);
        if (path.EndsWith("/v1/traces", StringComparison.Ordinal) || path.EndsWith("TraceService/Export", StringComparison.Ordinal))
        {
            foreach (var resource in TraceDelivery.Parser.ParseFrom(body).ResourceSpans)
                foreach (var scope in resource.ScopeSpans)
                    foreach (var span in scope.Spans) Spans.Enqueue(new ReceivedSpan(Service(resource.Resource), scope.Scope.Name, span));
            return;
        }

        foreach (var resource in MetricDelivery.Parser.ParseFrom(body).ResourceMetrics)
            foreach (var scope in resource.ScopeMetrics)
                foreach (var metric in scope.Metrics)
                    foreach (var point in ReceivedPoint.Of(Service(resource.Resource), scope.Scope.Name, metric)) Points.Enqueue(point);
    }

    private static string Service(Resource resource) => ReceivedSpan.Value(resource.Attributes, "service.name") ?? "";
}
