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
                [scale.inputs.json](scale.inputs.json). The density run is `tests/Density`: the rendered base, a pod for each of many users at
                once, under podman and without a kubelet. Memory and CPU are by the containers' control groups, memory as the kubelet reckons
                it; an exec probe counts what it uses inside the container.
                """)
            .Table(headings, Rows(Source.Measured))
            .Paragraph("**Estimates.** Nobody measured them here. Prices of nodes are estimates too: pay as you go, without reservation.")
            .Table(headings, Rows(Source.Estimate));
    }
}
