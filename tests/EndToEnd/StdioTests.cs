using ModelContextProtocol.Client;
using Sidecar.Contract;
using Sidecar.Sandbox;
using Sidecar.Tests.Harness;

namespace Sidecar.Tests.EndToEnd;

/// <summary>The shim as a desktop client starts it: MCP over standard input and output.</summary>
public sealed class StdioTests(PairFixture pair) : IClassFixture<PairFixture>
{
    [Fact]
    public async Task A_client_lists_calls_and_leaves()
    {
        await using var client = await McpClient.CreateAsync(
            new StdioClientTransport(new StdioClientTransportOptions
            {
                Command = Stage.Programs.Shim,
                Arguments = ["serve", "--stdio"],
                EnvironmentVariables = new Dictionary<string, string?> { ["Shim__Broker"] = pair.Broker.Address },
            }),
            Patient.Client,
            cancellationToken: TestContext.Current.CancellationToken);
        (await client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken)).Count.ShouldBe(Catalog.Current.Tools.Count);
        var result = await client.CallToolAsync("whoami", cancellationToken: TestContext.Current.CancellationToken);
        result.StructuredContent!.Value.Text("technician_email").ShouldBe(pair.User.TechnicianEmail);
        var refused = await client.CallToolAsync("get_request", new Dictionary<string, object?> { ["id"] = 1 }, cancellationToken: TestContext.Current.CancellationToken);
        refused.IsError.ShouldBe(true);
    }
}
