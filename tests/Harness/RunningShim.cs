using System.Text.Json;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Sidecar.Sandbox;
using Sidecar.Sandbox.Processes;

namespace Sidecar.Tests.Harness;

/// <summary>A shim process, called as an MCP client does.</summary>
public sealed class RunningShim(ChildProcess process, Uri mcp) : IAsyncDisposable
{
    private McpClient? _client;

    public ChildProcess Process { get; private set; } = process;

    public Uri Mcp { get; } = mcp;

    public async Task<McpClient> ClientAsync(string? apiKey = null) => _client ??= await McpClient.CreateAsync(
        new HttpClientTransport(new HttpClientTransportOptions
        {
            Endpoint = Mcp,
            AdditionalHeaders = apiKey is null ? [] : new Dictionary<string, string> { ["X-API-Key"] = apiKey },
        }),
        Patient.Client,
        cancellationToken: TestContext.Current.CancellationToken);

    /// <summary>Another process has taken the place of the one that died, at the same address.</summary>
    public void Replace(ChildProcess successor) => Process = successor;

    /// <summary>Calls a tool.</summary>
    public async Task<CallToolResult> CallAsync(string tool, object? arguments = null) => await (await ClientAsync()).CallToolAsync(
        tool,
        arguments is null ? null : JsonSerializer.SerializeToElement(arguments).EnumerateObject().ToDictionary(member => member.Name, member => (object?)member.Value),
        cancellationToken: TestContext.Current.CancellationToken);

    /// <summary>Calls a tool that has to succeed.</summary>
    public async Task<JsonElement> DoAsync(string tool, object? arguments = null)
    {
        var result = await CallAsync(tool, arguments);
        return result.IsError == true ? throw new InvalidOperationException($"{tool}: {Text(result)}") : result.StructuredContent!.Value;
    }

    /// <summary>Calls a tool that has to fail.</summary>
    /// <returns>What the model is told.</returns>
    public async Task<string> FailAsync(string tool, object? arguments = null)
    {
        var result = await CallAsync(tool, arguments);
        return result.IsError == true ? Text(result) : throw new InvalidOperationException($"{tool} succeeded: {Text(result)}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_client is not null) await _client.DisposeAsync();
        await Process.DisposeAsync();
    }

    private static string Text(CallToolResult result) => string.Concat(result.Content.OfType<TextContentBlock>().Select(block => block.Text));
}
