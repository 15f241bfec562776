using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sidecar.Shim.Tools;
using Xunit;

namespace Sidecar.Tests.Unit.Shim;

public class ToolSnapshotTests
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public void Every_tool_is_what_was_agreed()
    {
        var snapshot = Beside("tools.snapshot.json");
        var received = Beside("tools.received.json");
        var tools = new JsonArray([.. ShimTools.Catalogue.Tools.Select(Describe)]).ToJsonString(Readable) + "\n";
        if (File.Exists(snapshot) && File.ReadAllText(snapshot).ReplaceLineEndings("\n") == tools.ReplaceLineEndings("\n"))
        {
            File.Delete(received);
            return;
        }

        File.WriteAllText(received, tools);
        Assert.Fail(
            "The tools are no longer those of the snapshot. Clients and models see the difference: look at it, and if it is meant, "
            + "accept it with\n  mv tests/Unit/Shim/tools.received.json tests/Unit/Shim/tools.snapshot.json");
    }

    private static JsonNode Describe(CatalogTool tool) => new JsonObject
    {
        ["name"] = tool.Protocol.Name,
        ["title"] = tool.Protocol.Title,
        ["description"] = tool.Protocol.Description,
        ["annotations"] = new JsonObject
        {
            ["title"] = tool.Protocol.Annotations!.Title,
            ["readOnlyHint"] = tool.Protocol.Annotations.ReadOnlyHint,
            ["destructiveHint"] = tool.Protocol.Annotations.DestructiveHint,
            ["idempotentHint"] = tool.Protocol.Annotations.IdempotentHint,
            ["openWorldHint"] = tool.Protocol.Annotations.OpenWorldHint,
        },
        ["inputSchema"] = JsonNode.Parse(tool.Protocol.InputSchema.GetRawText()),
        ["outputSchema"] = JsonNode.Parse(tool.Protocol.OutputSchema!.Value.GetRawText()),
    };

    private static string Beside(string name, [CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, name);
}
