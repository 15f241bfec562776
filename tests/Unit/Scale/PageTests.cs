using System.Text.RegularExpressions;
using Shouldly;
using Sidecar.Scale;
using Sidecar.Scale.Page;
using Sidecar.Tests.Unit.Onboarding;
using Xunit;

namespace Sidecar.Tests.Unit.Scale;

public partial class PageTests
{
    [Fact]
    public void A_new_measurement_reaches_the_page()
    {
        Words(64.9).ShouldContain(" 64.9 MB of the machine");
        Words(71.3).ShouldContain(" 71.3 MB of the machine");
        static string Words(double measured) => string.Join(' ', ScalePage.Write(Examples.Inputs(("pod.machine_memory", measured)), Examples.Pod).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task The_cell_that_the_page_computes_in_bash_is_the_hash_modulo_the_cells()
    {
        var script = Cell().Match(Repository.Page()).Value;
        var cells = int.Parse(Modulus().Match(script).Groups[1].Value, null);
        var (exitCode, output, error) = await Shell.RunAsync("bash", ["-c", $"{script}\necho $cell"]);
        exitCode.ShouldBe(0, error);
        output.Trim().ShouldBe($"{0xb5fc85e557 % cells}");
    }

    [Fact]
    public void Prose_keeps_within_a_line_that_a_diff_can_show() => Repository.Page().Split('\n').Where(line => !line.StartsWith('|')).ShouldAllBe(line => line.Length <= 125);

    [Fact]
    public void A_row_that_does_not_fit_its_headings_is_refused() => Should.Throw<ArgumentException>(() => new Text().Table(["a", "b"], [["1"]]));

    [GeneratedRegex(@"slug=.*\ncell=.*")]
    private static partial Regex Cell();

    [GeneratedRegex(@"% (\d+) \)\)")]
    private static partial Regex Modulus();
}
