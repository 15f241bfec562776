using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sidecar.Contract;
using Sidecar.Simulator;
using Sidecar.Tests.Harness;

namespace Sidecar.Tests.EndToEnd.Telemetry;

/// <summary>Invariant 1 for traces and metrics: searched byte by byte, after good days and bad, with the SDK's own redaction switched off.</summary>
public sealed class TelemetrySecrecyTests : IAsyncLifetime
{
    // Stands for whatever a ticket, a search or a client may say.
    private const string Private = "Zephyrine-Quill";

    private readonly string _apiKey = Convert.ToHexString(RandomNumberGenerator.GetBytes(24));
    private Stage _stage = null!;
    private Collector _collector = null!;

    public async ValueTask InitializeAsync()
    {
        _stage = await Stage.SetAsync();
        _collector = await Collector.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stage.DisposeAsync();
        await _collector.DisposeAsync();
    }

    [Theory]
    [InlineData("grpc")]
    [InlineData("http/protobuf")]
    public async Task No_secret_no_key_of_a_caller_no_id_and_no_text_is_in_any_span_or_metric(string protocol)
    {
        var user = _stage.Simulator.AddUser();
        var (shim, id) = await StartAsync(_stage.VaultSettings(user, "sdp-ada-b5fc85e557"), protocol, "itdesk");
        await BadDaysAsync(shim, $"Zoho-oauthtoken {_stage.Simulator.Accounts.AccessTokens[^1]} {user.Credential.ClientSecret} {user.Credential.RefreshToken}");

        // What quotes its request at the token endpoint, and an access token that is taken nowhere: that one comes last.
        _stage.Simulator.Accounts.ExpireAccessTokens();
        _stage.Simulator.Faults.Add(new Fault { Service = Service.Accounts, Kind = FaultKind.Body, Body = JsonSerializer.Serialize(new { error = user.Credential.RefreshToken }) });
        await shim.CallAsync("list_requests");
        _stage.Simulator.Faults.Clear();

        await EverythingHasComeAsync(shim);
        ShouldHold(
        [
            user.Credential.ClientSecret, user.Credential.RefreshToken, user.Credential.ClientId, user.Identity.FederatedToken, .. _stage.Simulator.Accounts.AccessTokens,
            .. _stage.Simulator.Entra.AccessTokens, user.Credential.TechnicianEmail, id, "b5fc85e557",
        ]);
    }

    [Fact]
    public async Task No_technician_key_is_in_any_span_or_metric()
    {
        var user = _stage.Simulator.AddOnPremUser();
        var (shim, id) = await StartAsync(_stage.FileSettings(user), "grpc", "premises");
        await BadDaysAsync(shim, $"authtoken: {user.Credential.TechnicianKey}");
        await EverythingHasComeAsync(shim);
        ShouldHold([user.Credential.TechnicianKey, user.Credential.TechnicianEmail, $"/{id}"]);
    }

    // Makes every kind of call, with words that have to stay inside.
    private async Task<(RunningShim Shim, string Id)> StartAsync(Dictionary<string, string> settings, string protocol, string instance)
    {
        var telemetry = new Dictionary<string, string>(_collector.Settings(protocol))
        {
            ["OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_DISABLE_URL_QUERY_REDACTION"] = "true",
            ["OTEL_DOTNET_EXPERIMENTAL_HTTPCLIENT_DISABLE_URL_QUERY_REDACTION"] = "true",
            ["OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_ENABLE_GRPC_INSTRUMENTATION"] = "true",
            ["DOTNET_SYSTEM_NET_HTTP_DISABLEURIREDACTION"] = "1",
        };
        var broker = await _stage.StartBrokerAsync(settings.Concat(telemetry).ToDictionary());
        var shim = await _stage.StartShimAsync(broker, new(telemetry)
        {
            ["Shim__Access__ApiKeys__0__Sha256"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(_apiKey))),
            ["Shim__Access__ApiKeys__0__Name"] = $"{Private} the caller",
        });
        var record = _stage.Simulator.Instances[instance].Records("requests")[0];
        record["subject"] = $"{Private} as a subject";
        await shim.ClientAsync(_apiKey);
        foreach (var tool in Catalog.Current.Tools)
        {
            var arguments = tool.Descriptor.InputType.Fields.InFieldNumberOrder().Where(field => field.IsRequiredByContract())
                .ToDictionary(field => field.Name, field => field.Annotation().IdOf.Length > 0 ? (string)record["id"]! : $"{Private} as {field.Name}");
            await shim.CallAsync(tool.Tool!.Name, arguments);
        }

        await shim.CallAsync("search_requests", new { query = $"{Private} as a query" });
        await shim.CallAsync("search_requests", new { no_such_argument = Private });
        await StrangeClientsAsync(shim);
        return (shim, (string)record["id"]!);
    }

    // Words where only a client of its own making puts them: path, query, headers, names of tools and methods, ids of messages.
    private async Task StrangeClientsAsync(RunningShim shim)
    {
        using var client = new HttpClient(new SocketsHttpHandler());
        foreach (var (path, key, method) in new[] { ("/mcp", _apiKey, "tools/call"), ("/mcp", _apiKey, Private), ("/mcp", Private, "tools/call"), ($"/{Private}", _apiKey, "tools/call") })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(shim.Mcp, $"{path}?text={Private}"));
            request.Content = new StringContent(
                new JsonObject
                {
                    ["jsonrpc"] = "2.0",
                    ["id"] = Private,
                    ["method"] = method,
                    ["params"] = new JsonObject { ["name"] = Private, ["arguments"] = new JsonObject(), ["_meta"] = new JsonObject { ["note"] = Private } },
                }.ToJsonString(),
                Encoding.UTF8,
                "application/json");
            request.Headers.Add("Authorization", $"Bearer {key}");
            request.Headers.Add("Accept", "application/json, text/event-stream");
            request.Headers.Add("User-Agent", Private);
            request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
            request.Headers.Add("tracestate", $"{Private.ToLowerInvariant()}={Private}");
            request.Headers.Add("baggage", $"text={Private}");
            (await client.SendAsync(request, TestContext.Current.CancellationToken)).Dispose();
        }
    }

    private async Task BadDaysAsync(RunningShim shim, string quoted)
    {
        var body = JsonSerializer.Serialize(new
        {
            response_status = new { status_code = 4000, status = "failed", messages = new[] { new { status_code = 4001, field = quoted, message = $"{quoted} {Private}" } } },
        });
        foreach (var fault in new Fault[]
        {
            new() { Service = Service.Sdp, Kind = FaultKind.Status, Status = 400, Body = body },
            new() { Service = Service.Sdp, Kind = FaultKind.Status, Status = 500, Body = body },
            new() { Service = Service.Sdp, Kind = FaultKind.Reset },
            new() { Service = Service.Sdp, Kind = FaultKind.Refuse },
            new() { Service = Service.Sdp, Kind = FaultKind.Html },
        })
        {
            _stage.Simulator.Faults.Add(fault);
            await shim.CallAsync("search_requests", new { query = $"{Private} as a query" });
            await shim.CallAsync("create_request", new { subject = $"{Private} {fault.Kind} {fault.Status}" });
            _stage.Simulator.Faults.Clear();
        }
    }

    // Spans are sent in the order in which they end, and a metric has all that was counted before: what these calls left comes last.
    private async Task EverythingHasComeAsync(RunningShim shim)
    {
        // Once when each tool was called.
        const int count = 2;
        await shim.CallAsync("whoami");
        await _collector.UntilAsync(
            () => Count("sidecar.tool.call.duration", "tool") >= count && Count("sidecar.operation.duration", "operation") >= count
                && _collector.Spans.Count(span => span["sidecar.tool"] == "whoami") >= count && _collector.Spans.Count(span => span["sidecar.operation"] == "whoami") >= count,
            "spans and metrics of the last call");

        double Count(string metric, string key) => _collector.Points.Where(point => point.Metric == metric && point[key] == "whoami").Select(point => point.Number).DefaultIfEmpty().Max();
    }

    private void ShouldHold(IEnumerable<string> secrets)
    {
        // The search finds what is there.
        _collector.Bodies.ShouldContain(body => Contains(body, "search_requests"));
        _collector.Spans.ShouldContain(span => span["error.type"] != null);
        foreach (var secret in secrets.Append(_apiKey).Append(Private).Append(Private.ToLowerInvariant()).Append(Uri.EscapeDataString(Private)))
        {
            var found = _collector.Bodies.FirstOrDefault(body => Contains(body, secret));
            (found is null).ShouldBeTrue($"{secret[..Math.Min(8, secret.Length)]}… was sent: {(found is null ? "" : Encoding.UTF8.GetString(found))}");
        }

        _collector.Spans.ShouldAllBe(span => span.Span.Status == null || span.Span.Status.Message == "");
        _collector.Spans.ShouldAllBe(span => span.Span.TraceState == "");
    }

    private static bool Contains(byte[] body, string text) => body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;
}
