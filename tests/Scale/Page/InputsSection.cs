using Sidecar.Scale.Inputs;
using Sidecar.Scale.Model;

namespace Sidecar.Scale.Page;

internal static class InputsSection
{
    public static void Write(Text text, Findings found)
    {
        string[] headings = ["input", ">value", "unit", "note"];
        string[][] Rows(Source source) => [.. found.Inputs.All.Where(input => input.Value.Source == source)
            .Select(input => (string[])[$"`{input.Key}`", Say.Exactly(input.Value.Value), input.Value.Unit, input.Value.Note])];
        text.Heading("Inputs")
            .Paragraph("""
                Measured on this project's own programs, or set by them; the source of each, and the vendors' limits with theirs, are in
                [scale.inputs.json](scale.inputs.json).
                """)
            .Table(headings, Rows(Source.Measured))
            .Paragraph("**Estimates.** Nobody measured them here. Prices of nodes are estimates too: pay as you go, without reservation.")
            .Table(headings, Rows(Source.Estimate));
    }
}
