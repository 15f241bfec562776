using System.Net.Http.Headers;
using System.Text;

namespace Sidecar.Bench;

/// <summary>Calls get_request as an MCP client does, with as little of a client as there can be: what is measured is not the client.</summary>
internal sealed class McpCaller(Uri mcp, IReadOnlyList<string> requestIds) : IDisposable
{
    public const string Protocol = "2026-07-28";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    private readonly HttpClient _client = new(new SocketsHttpHandler());
    private readonly List<byte[]> _bodies = [.. requestIds.Select(requestId => Encoding.UTF8.GetBytes(
        $$"""
        {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get_request","arguments":{"request_id":"{{requestId}}"},
        "_meta":{"io.modelcontextprotocol/protocolVersion":"{{Protocol}}","io.modelcontextprotocol/clientCapabilities":{},
        "io.modelcontextprotocol/clientInfo":{"name":"bench","version":"1"}
        } } }
        """))];

    /// <exception cref="InvalidOperationException">The answer is not that caller's request.</exception>
    public async Task CallAsync(int caller, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(caller, cancellationToken);
        if (!IsGood(answer)) throw new InvalidOperationException($"get_request answered: {Encoding.UTF8.GetString(answer)}");
    }

    /// <summary>Asks until the answer is the request, whatever is not there yet.</summary>
    public async Task WaitUntilAnsweredAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                if (IsGood(await AskAsync(0, cancellationToken))) return;
            }
            catch (HttpRequestException)
            {
                // Nobody listens yet.
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }

    public void Dispose() => _client.Dispose();

    private static bool IsGood(ReadOnlySpan<byte> answer) => answer.IndexOf("\"structuredContent\":"u8) >= 0;

    private async Task<byte[]> AskAsync(int caller, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, mcp) { Content = new ByteArrayContent(_bodies[caller]) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        request.Headers.TryAddWithoutValidation("MCP-Protocol-Version", Protocol);
        request.Headers.TryAddWithoutValidation("Mcp-Method", "tools/call");
        request.Headers.TryAddWithoutValidation("Mcp-Name", "get_request");
        using var response = await _client.SendAsync(request, cancellationToken);
        return await response.Content.ReadAsByteArrayAsync(cancellationToken);
    }
}
