using System.Text.Json;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Sidecar.Sandbox;

namespace Sidecar.Tests.Harness;

/// <summary>An MCP client of one shim, wherever that runs.</summary>
public sealed class ToolClient(Uri mcp, IReadOnlyDictionary<string, string>? headers = null) : IAsyncDisposable
{
    private McpClient? _client;

    /// <summary>A client with an API key.</summary>
    public static ToolClient WithKey(Uri mcp, string key) => new(mcp, new Dictionary<string, string> { ["X-API-Key"] = key });

    public async Task<McpClient> ConnectAsync() => _client ??= await McpClient.CreateAsync(
        new HttpClientTransport(new HttpClientTransportOptions { Endpoint = mcp, AdditionalHeaders = headers is null ? [] : new Dictionary<string, string>(headers) }),
        Patient.Client,
        cancellationToken: TestContext.Current.CancellationToken);

    /// <summary>Calls a tool.</summary>
    public async Task<CallToolResult> CallAsync(string tool, object? arguments = null) => await (await ConnectAsync()).CallToolAsync(
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
    }

    private static string Text(CallToolResult result) => string.Concat(result.Content.OfType<TextContentBlock>().Select(block => block.Text));
}
