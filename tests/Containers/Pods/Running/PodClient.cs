using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Sidecar.Soak.Load;

namespace Sidecar.Tests.Containers.Pods.Running;

/// <summary>An AI client of a user: tools over MCP, by a name that leads to a given address.</summary>
internal sealed class PodClient(Uri mcp, IPEndPoint address, Running.Caller caller) : IDisposable
{
    private const string ListTools = """{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}}""";

    private readonly ToolCaller _tools = new(mcp, caller.Sign, way: Way(address));
    private readonly HttpClient _plain = new(Way(address)) { Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>Calls a tool and reads what is said as a model does.</summary>
    public Task<Reply> CallAsync(string tool, JsonObject? arguments = null) => _tools.CallAsync(tool, arguments ?? [], TestContext.Current.CancellationToken);

    /// <summary>Calls a tool that has to succeed.</summary>
    public async Task<JsonObject> DoAsync(string tool, JsonObject? arguments = null)
    {
        var reply = await CallAsync(tool, arguments);
        return reply.Answer ?? throw new InvalidOperationException($"{tool}: {reply.Text}");
    }

    /// <summary>Asks for the tools, and tells how the door answers.</summary>
    public async Task<HttpStatusCode> KnockAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, mcp) { Content = new StringContent(ListTools, Encoding.UTF8, "application/json") };
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        caller.Sign(request.Headers);
        using var response = await _plain.SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    public void Dispose()
    {
        _tools.Dispose();
        _plain.Dispose();
    }

    private static SocketsHttpHandler Way(IPEndPoint address) => new()
    {
        AllowAutoRedirect = false,
        ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(address, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    };
}
