using System.Text.RegularExpressions;
using Sidecar.Simulator;
using Sidecar.Tests.Harness;

namespace Sidecar.Tests.EndToEnd.Telemetry;

/// <summary>Traces and metrics by OTLP: what an operator gets, and that a collector is never in the way.</summary>
public sealed partial class TelemetryTests : IAsyncLifetime
{
    private const string Shim = "sidecar-shim", Broker = "sidecar-broker";

    private Stage _stage = null!;
    private Collector _collector = null!;
    private Dictionary<string, string> _settings = null!;

    public async ValueTask InitializeAsync()
    {
        _stage = await Stage.SetAsync();
        _collector = await Collector.StartAsync();
        _settings = _stage.FileSettings(_stage.Simulator.AddUser());
    }

    public async ValueTask DisposeAsync()
    {
        await _stage.DisposeAsync();
        await _collector.DisposeAsync();
    }

    [Theory]
    [InlineData("grpc")]
    [InlineData("http/protobuf")]
    public async Task One_trace_spans_the_tool_call_the_rpc_and_the_call_to_the_instance(string protocol)
    {
        var (_, shim) = await StartAsync(_collector.Settings(protocol));
        await shim.DoAsync("get_request", new { request_id = (string)_stage.Instance.Records("requests")[0]["id"]! });

        List<ReceivedSpan> way = [];
        await _collector.UntilAsync(() => (way = WayTo("GET /app/itdesk/api/v3/requests/{id}")).Count == 6, "the whole trace");
        way.Select(span => $"{span.Service} {span.Span.Name}").ShouldBe(
        [
            $"{Broker} GET /app/itdesk/api/v3/requests/{{id}}",
            $"{Broker} POST /sdp.v1.RequestService/GetRequest",
            $"{Shim} POST /sdp.v1.RequestService/GetRequest",
            $"{Shim} sdp.v1.RequestService/GetRequest",
            $"{Shim} tools/call get_request",
            $"{Shim} POST /mcp/",
        ]);
        way.Select(span => span.Trace).Distinct().ShouldHaveSingleItem();
        (way[1]["sidecar.operation"], way[1]["sidecar.outcome"], way[4]["sidecar.tool"], way[4]["sidecar.outcome"]).ShouldBe(("get_request", "OK", "get_request", "OK"));
        // The trace ends at the pod's edge.
        _stage.Simulator.Journal.Since().SelectMany(entry => entry.HeaderNames).ShouldAllBe(name => !name.StartsWith("trace", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task The_metrics_are_those_of_the_manual_and_follow_what_happens()
    {
        var (_, shim) = await StartAsync(_collector.Settings());
        await shim.DoAsync("list_requests");
        await shim.FailAsync("get_request", new { request_id = "234567000009999999" });
        _stage.Instance.Switches = new InstanceSwitches { RateLimit = 1 };
        while ((await shim.CallAsync("list_requests")).IsError != true) continue;

        await UntilAsync(Broker, "sidecar.operation.duration", ("operation", "get_request"), ("outcome", "NOT_FOUND"));
        await UntilAsync(Broker, "sidecar.sdp.call.duration", ("kind", "GET /requests/{id}"), ("outcome", "Refused"));
        await UntilAsync(Broker, "sidecar.sdp.call.duration", ("kind", "GET /requests"), ("outcome", "Throttled"));
        await UntilAsync(Broker, "sidecar.token.requests", ("outcome", "OK"));
        await UntilAsync(Broker, "sidecar.sdp.locks");
        await UntilAsync(Broker, "sidecar.ready");
        await UntilAsync(Broker, "sidecar.credential.state", ("state", "ok"));
        await UntilAsync(Shim, "sidecar.tool.call.duration", ("tool", "list_requests"), ("outcome", "OK"));
        await UntilAsync(Shim, "http.server.request.duration", ("http.route", "/mcp/"));
        await UntilAsync(Broker, "http.client.request.duration");
        await UntilAsync(Broker, "dotnet.process.memory.working_set");
        // At first it was 1: a state that has passed does not stay in a series of its own.
        await _collector.UntilAsync(() => _collector.Points.LastOrDefault(point => point["state"] == "none_yet")?.Number == 0, "the end of the first state");

        var described = OwnMetrics().Matches(File.ReadAllText(Document("docs/observability.md"))).Select(match => match.Groups[1].Value).Distinct();
        _collector.Points.Select(point => point.Metric).Where(name => name.StartsWith("sidecar.", StringComparison.Ordinal)).Distinct().ShouldBe(described, ignoreOrder: true);
    }

    [Fact]
    public async Task Probes_leave_no_spans()
    {
        var (broker, shim) = await StartAsync(_collector.Settings());
        using var client = new HttpClient(new SocketsHttpHandler());
        foreach (var probe in new[] { "/healthz", "/readyz" }) (await client.GetAsync(new Uri(shim.Mcp, probe), TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        (await _stage.RunAsync(Stage.Programs.Broker, ["health"], new() { ["Broker__Listen"] = broker.Address })).ExitCode.ShouldBe(0);
        await shim.DoAsync("whoami");
        await _collector.UntilAsync(() => Has(Shim, "POST /mcp/") && Has(Broker, "POST /sidecar.v1.BrokerService/WhoAmI"), "the spans of a call made later");
        _collector.Spans.Select(span => span.Span.Name).ShouldAllBe(name => !name.Contains("health", StringComparison.OrdinalIgnoreCase) && !name.Contains("ready", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData(nameof(CollectorMood.Refuses), "grpc")]
    [InlineData(nameof(CollectorMood.Refuses), "http/protobuf")]
    [InlineData(nameof(CollectorMood.Hangs), "grpc")]
    [InlineData(nameof(CollectorMood.Hangs), "http/protobuf")]
    [InlineData("NotThere", "grpc")]
    [InlineData("NotThere", "http/protobuf")]
    public async Task A_collector_that_fails_hurts_no_call_and_fills_no_log(string how, string protocol)
    {
        var settings = _collector.Settings(protocol);
        if (how == "NotThere") await _collector.DisposeAsync();
        else _collector.Mood = Enum.Parse<CollectorMood>(how);
        var (broker, shim) = await StartAsync(settings);

        for (var call = 0; call < 20; call++) await shim.DoAsync("list_requests");
        if (how != "NotThere") await _collector.UntilAsync(() => _collector.Deliveries >= 4, "deliveries of spans and metrics by both programs");
        for (var call = 0; call < 20; call++) await shim.DoAsync("list_requests");

        foreach (var process in new[] { shim.Process, broker.Process })
        {
            process.Terminate();
            (await process.WaitForExitAsync(TimeSpan.FromSeconds(60))).ShouldBe(0);
            process.Output.Split('\n').ShouldAllBe(line => !IsAboutTheCollector().IsMatch(line));
        }
    }

    [Fact]
    public async Task A_switch_of_the_standard_turns_all_off_though_there_is_an_endpoint()
    {
        var (broker, shim) = await StartAsync(new(_collector.Settings()) { ["OTEL_SDK_DISABLED"] = "true" });
        await shim.DoAsync("list_requests");
        foreach (var process in new[] { shim.Process, broker.Process })
        {
            // What had been collected would be sent at the end.
            process.Terminate();
            (await process.WaitForExitAsync(TimeSpan.FromSeconds(60))).ShouldBe(0);
        }

        _collector.Connections.ShouldBe(0);
    }

    [Theory]
    [InlineData("grpc")]
    [InlineData("http/protobuf")]
    public async Task A_collectors_certificate_has_to_be_of_an_authority_that_is_named(string protocol)
    {
        using var certificate = Certificate.For("localhost");
        await using var collector = await Collector.StartAsync(certificate);
        var settings = collector.Settings(protocol, "localhost");
        var (_, doubting) = await StartAsync(settings);
        await doubting.DoAsync("list_requests");
        await collector.UntilAsync(() => collector.Connections >= 4, "tries of both programs");
        collector.Deliveries.ShouldBe(0);

        settings["OTEL_EXPORTER_OTLP_CERTIFICATE"] = _stage.Folder.Write("collector.pem", certificate.ExportCertificatePem());
        var (_, trusting) = await StartAsync(settings);
        await trusting.DoAsync("list_requests");
        await collector.UntilAsync(
            () => new[] { Shim, Broker }.All(service => collector.Spans.Any(span => span.Service == service) && collector.Points.Any(point => point.Service == service)),
            "spans and metrics of both programs");
    }

    [Fact]
    public async Task Settings_of_telemetry_that_do_not_hold_end_both_programs_at_start()
    {
        var wrong = new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "collector:4317",
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/json",
            ["OTEL_EXPORTER_OTLP_CERTIFICATE"] = "/nowhere.pem",
        };
        foreach (var (program, settings) in new[] { (Stage.Programs.Broker, _settings), (Stage.Programs.Shim, []) })
        {
            var (exitCode, output) = await _stage.RunAsync(program, ["serve"], settings.Concat(wrong).ToDictionary());
            exitCode.ShouldBe(78, output);
            foreach (var name in wrong.Keys) output.ShouldContain($"{name} ");
        }
    }

    private async Task<(RunningBroker Broker, RunningShim Shim)> StartAsync(Dictionary<string, string> telemetry)
    {
        var broker = await _stage.StartBrokerAsync(_settings.Concat(telemetry).ToDictionary());
        return (broker, await _stage.StartShimAsync(broker, telemetry));
    }

    private bool Has(string service, string name) => _collector.Spans.Any(span => span.Service == service && span.Span.Name == name);

    // From a span up to where the trace began.
    private List<ReceivedSpan> WayTo(string name)
    {
        var way = new List<ReceivedSpan>();
        for (var span = _collector.Spans.FirstOrDefault(span => span.Span.Name == name); span is not null; span = _collector.Spans.FirstOrDefault(other => other.Id == way[^1].Parent))
            way.Add(span);
        return way;
    }

    private Task UntilAsync(string service, string metric, params (string Key, string Value)[] attributes) => _collector.UntilAsync(
        () => _collector.Points.Any(point => point.Service == service && point.Metric == metric && point.Number > 0 && attributes.All(attribute => point[attribute.Key] == attribute.Value)),
        $"{service} {metric} {string.Join(", ", attributes)}");

    private static string Document(string name)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Sidecar.sln"))) folder = folder.Parent;
        return Path.Combine(folder.FullName, name);
    }

    [GeneratedRegex("`(sidecar\\.[a-z_.]+)` *\\|")]
    private static partial Regex OwnMetrics();

    [GeneratedRegex("OpenTelemetry|Otlp|opentelemetry|collector|\"LogLevel\":\"(Warning|Error|Critical)\"", RegexOptions.IgnoreCase)]
    private static partial Regex IsAboutTheCollector();
}
