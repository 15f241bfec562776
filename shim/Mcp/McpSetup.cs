using System.Reflection;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Protocol;
using Sidecar.Shim.Tools;

namespace Sidecar.Shim.Mcp;

/// <summary>The MCP server: who it is, what it tells the model, and where lists and calls go.</summary>
internal static class McpSetup
{
    public static IMcpServerBuilder AddMcp(this IServiceCollection services) => services
        .AddMcpServer(server =>
        {
            server.ServerInfo = new Implementation
            {
                Name = "servicedesk-plus",
                Title = "ServiceDesk Plus",
                Version = Version,
                Description = "Requests, notes, replies and people of one technician's ServiceDesk Plus.",
            };
            server.ServerInstructions = Instructions.Text;
        })
        // Handlers, not a tool collection: a collection would promise list-changed notifications, which a stateless server
        // has no way to send.
        .WithListToolsHandler((request, cancellation) => request.Services!.GetRequiredService<ToolLister>().ListAsync(request, cancellation))
        .WithCallToolHandler((request, cancellation) => request.Services!.GetRequiredService<ToolCaller>().CallAsync(request, cancellation));

    public static IMcpServerBuilder WithHttp(this IMcpServerBuilder mcp) =>
        mcp.WithHttpTransport(http => http.SessionMode = HttpServerSessionMode.Stateless);

    private static string Version =>
        typeof(McpSetup).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";
}
