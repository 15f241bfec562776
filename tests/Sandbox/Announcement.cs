using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sidecar.Sandbox;

/// <summary>What a person sees once all is up: where it is, and configuration to paste.</summary>
internal static class Announcement
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(SandboxRun run)
    {
        var server = new JsonObject { ["url"] = run.Mcp.OriginalString, ["headers"] = new JsonObject { ["X-API-Key"] = run.Key.Value } };
        var cursor = new JsonObject { ["mcpServers"] = new JsonObject { ["servicedesk"] = server.DeepClone() } };
        server.Insert(0, "type", "http");
        var code = new JsonObject { ["servers"] = new JsonObject { ["servicedesk"] = server } };
        return $"""

            ServiceDesk Plus Sidecar, sandbox
              acting as   {run.Technician} on a simulated instance
              MCP URL     {run.Mcp}
              API key     {run.Key.Value}
              simulator   {run.SimulatorUrl}  (what was received, switches, faults)
              processes   {string.Join(", ", run.Processes.Select(process => $"{process.Name} {process.Id}"))}

            Claude Code:
              claude mcp add --transport http servicedesk {run.Mcp} --header "X-API-Key: {run.Key.Value}"

            Cursor (.cursor/mcp.json):
              {cursor.ToJsonString(Readable)}

            VS Code (.vscode/mcp.json):
              {code.ToJsonString(Readable)}

            Ctrl-C ends it.
            """;
    }
}
