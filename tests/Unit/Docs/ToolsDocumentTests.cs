using System.Text;
using Sidecar.Contract;
using Xunit;

namespace Sidecar.Tests.Unit.Docs;

/// <summary>docs/tools.md is written from the contract, by this test.</summary>
public class ToolsDocumentTests
{
    [Fact]
    public void The_document_of_the_tools_says_what_the_contract_says()
    {
        var (accepted, received) = (Document.PathOf("docs/tools.md"), Document.PathOf("docs/tools.received.md"));
        var written = Write();
        if (File.Exists(accepted) && File.ReadAllText(accepted).ReplaceLineEndings("\n") == written)
        {
            File.Delete(received);
            return;
        }

        File.WriteAllText(received, written);
        Assert.Fail("docs/tools.md is not what the contract says now. If the change is meant, accept it with\n  mv docs/tools.received.md docs/tools.md");
    }

    private static string Write()
    {
        var text = new StringBuilder();
        text.Append("# Tools\n\nWritten from the contract; do not edit. `read` changes nothing. `write` adds or changes. `destructive` closes, or sends an\n");
        text.Append("e-mail, which cannot be taken back. Clients see the same as MCP hints.\n\n");
        text.Append("| tool | what | access | toolset | scopes |\n|---|---|---|---|---|\n");
        foreach (var operation in Catalog.Current.Tools)
        {
            var tool = operation.Tool!;
            text.Append($"| [`{tool.Name}`](#{tool.Name}) | {tool.Title} | {operation.Access.ToString().ToLowerInvariant()} | {tool.Toolset} | {string.Join(", ", operation.Scopes)} |\n");
        }

        foreach (var operation in Catalog.Current.Tools)
        {
            text.Append($"\n## {operation.Tool!.Name}\n\n{operation.Description}\n");
            if (operation.CloudOnly is { } only) text.Append($"\nCloud only: on premises, {only.Why}. {only.Instead}\n");
            var fields = operation.Descriptor.InputType.Fields.InDeclarationOrder();
            if (fields.Count > 0) text.Append('\n');
            foreach (var field in fields)
                text.Append($"- `{field.Name}`{(field.IsRequiredByContract() ? " (required)" : "")}: {Catalog.Current.Describe(field)}\n");
        }

        return text.ToString();
    }
}
