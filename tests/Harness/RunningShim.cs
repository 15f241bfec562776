using System.Text.Json;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Sidecar.Sandbox.Processes;

namespace Sidecar.Tests.Harness;

/// <summary>A shim process, called as an MCP client does.</summary>
public sealed class RunningShim(ChildProcess process, Uri mcp) : IAsyncDisposable
{
    private ToolClient _tools = new(mcp);

    public ChildProcess Process { get; private set; } = process;

    public Uri Mcp { get; } = mcp;

    /// <summary>The client, which presents a key from now on if one is given.</summary>
    public Task<McpClient> ClientAsync(string? apiKey = null)
    {
        if (apiKey is not null) _tools = ToolClient.WithKey(Mcp, apiKey);
        return _tools.ConnectAsync();
    }

    /// <summary>Another process has taken the place of the one that died, at the same address.</summary>
    public void Replace(ChildProcess successor) => Process = successor;

    /// <inheritdoc cref="ToolClient.CallAsync"/>
    public Task<CallToolResult> CallAsync(string tool, object? arguments = null) => _tools.CallAsync(tool, arguments);

    /// <inheritdoc cref="ToolClient.DoAsync"/>
    public Task<JsonElement> DoAsync(string tool, object? arguments = null) => _tools.DoAsync(tool, arguments);

    /// <inheritdoc cref="ToolClient.FailAsync"/>
    public Task<string> FailAsync(string tool, object? arguments = null) => _tools.FailAsync(tool, arguments);

    public async ValueTask DisposeAsync()
    {
        await _tools.DisposeAsync();
        await Process.DisposeAsync();
    }
}
