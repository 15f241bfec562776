using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Sidecar.Shim.Hosting;

namespace Sidecar.Tests.Unit.Shim;

/// <summary>The shim on a port of its own, and a client that speaks plain JSON-RPC to it.</summary>
internal sealed class RunningShim : IAsyncDisposable
{
    public const string Modern = "2026-07-28", Older = "2025-06-18";

    private readonly WebApplication _app;

    private RunningShim(WebApplication app)
    {
        _app = app;
        Http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public HttpClient Http { get; }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>A shim whose broker, unless the test starts one, is not there.</summary>
    public static Task<RunningShim> StartAsync(params (string Key, string Value)[] settings) => StartAsync(null, settings);

    /// <summary>The same, with its log going to the test.</summary>
    public static async Task<RunningShim> StartAsync(ILoggerProvider? log, params (string Key, string Value)[] settings)
    {
        var all = new Dictionary<string, string?>
        {
            ["Shim:Listen"] = "http://127.0.0.1:0",
            ["Shim:Broker"] = $"http://127.0.0.1:{FreePort()}",
            ["Logging:LogLevel:Default"] = "None",
            ["Logging:LogLevel:Microsoft.Hosting.Lifetime"] = "None",
        };
        foreach (var (key, value) in settings) all[key] = value;
        var app = ShimServer.Build(builder =>
        {
            builder.Configuration.AddInMemoryCollection(all);
            if (log is not null) builder.Logging.AddProvider(log);
        });
        await app.StartAsync();
        return new RunningShim(app);
    }

    /// <summary>A request to /mcp as a client of that protocol version makes it.</summary>
    public static HttpRequestMessage Request(string version, string method, JsonObject? parameters = null)
    {
        parameters ??= [];
        var request = new HttpRequestMessage(HttpMethod.Post, "/mcp");
        request.Headers.Add("MCP-Protocol-Version", version);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        if (version == Modern)
        {
            request.Headers.Add("Mcp-Method", method);
            if (parameters["name"] is { } name) request.Headers.Add("Mcp-Name", name.GetValue<string>());
            var meta = parameters["_meta"] as JsonObject ?? [];
            meta["io.modelcontextprotocol/protocolVersion"] = version;
            meta["io.modelcontextprotocol/clientInfo"] = new JsonObject { ["name"] = "test", ["version"] = "1" };
            meta["io.modelcontextprotocol/clientCapabilities"] = new JsonObject();
            parameters["_meta"] = meta;
        }

        var body = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = 1, ["method"] = method, ["params"] = parameters };
        request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        return request;
    }

    /// <summary>The JSON-RPC answer, wherever the transport put it.</summary>
    public async Task<JsonElement> SendAsync(HttpRequestMessage request)
    {
        using var response = await Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        var data = text.Split('\n').FirstOrDefault(line => line.StartsWith("data:", StringComparison.Ordinal))?["data:".Length..] ?? text;
        return JsonElement.Parse(data);
    }

    public Task<JsonElement> CallAsync(string version, string tool, JsonObject? arguments = null) =>
        SendAsync(Request(version, "tools/call", new JsonObject { ["name"] = tool, ["arguments"] = arguments ?? [] }));

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
    }
}
