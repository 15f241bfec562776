using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sidecar.Soak.Load;

/// <summary>Calls tools over MCP, and shows every byte of what comes back to those who look for secrets in it.</summary>
/// <param name="mcp">Where.</param>
/// <param name="sign">Says who calls.</param>
/// <param name="seen">Takes where something came from, and its text.</param>
/// <param name="way">The way there; null: the usual one.</param>
internal sealed class ToolCaller(Uri mcp, Action<HttpRequestHeaders> sign, Action<string, string>? seen = null, HttpMessageHandler? way = null) : IDisposable
{
    private const string Protocol = "2026-07-28";

    private readonly HttpClient _client = new(way ?? new SocketsHttpHandler()) { Timeout = TimeSpan.FromSeconds(90) };

    public async Task<Reply> CallAsync(string tool, JsonObject arguments, CancellationToken cancellationToken)
    {
        using var request = Request(tool, arguments);
        try
        {
            using var response = await _client.SendAsync(request, cancellationToken);
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            seen?.Invoke($"reply of {tool}", text);
            return Read(text) ?? Reply.Silence(Outcome.Unknown, $"HTTP {(int)response.StatusCode} without an answer");
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError == HttpRequestError.ConnectionError)
        {
            return Reply.Silence(Outcome.Nothing, "the shim is not there");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException || (exception is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return Reply.Silence(Outcome.Unknown, "the shim went away");
        }
    }

    public void Dispose() => _client.Dispose();

    private HttpRequestMessage Request(string tool, JsonObject arguments)
    {
        var body = new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = 1,
            ["method"] = "tools/call",
            ["params"] = new JsonObject
            {
                ["name"] = tool,
                ["arguments"] = arguments.DeepClone(),
                ["_meta"] = new JsonObject
                {
                    ["io.modelcontextprotocol/protocolVersion"] = Protocol,
                    ["io.modelcontextprotocol/clientCapabilities"] = new JsonObject(),
                    ["io.modelcontextprotocol/clientInfo"] = new JsonObject { ["name"] = "soak", ["version"] = "1" },
                },
            },
        };
        var request = new HttpRequestMessage(HttpMethod.Post, mcp)
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body.ToJsonString())) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        request.Headers.TryAddWithoutValidation("MCP-Protocol-Version", Protocol);
        request.Headers.TryAddWithoutValidation("Mcp-Method", "tools/call");
        request.Headers.TryAddWithoutValidation("Mcp-Name", tool);
        sign(request.Headers);
        return request;
    }

    // JSON, or one event that has it as its data.
    private static Reply? Read(string text)
    {
        var json = text.Split('\n').Select(line => line.StartsWith("data:", StringComparison.Ordinal) ? line[5..] : line)
            .FirstOrDefault(line => line.TrimStart().StartsWith('{'));
        try
        {
            if (json is null || JsonNode.Parse(json) is not JsonObject { } message || message["result"] is not JsonObject result) return null;
            var said = string.Concat(result["content"]!.AsArray().Select(block => (string?)block!["text"]));
            return (bool?)result["isError"] == true ? Reply.Failed(said) : new Reply(Outcome.Done, said, result["structuredContent"] as JsonObject);
        }
        catch (JsonException)
        {
            // Half an answer is none.
            return null;
        }
    }
}
