using System.Globalization;
using System.Text;
using CsCheck;
using Shouldly;
using Sidecar.Broker.Onboarding.Bulk;
using Xunit;

namespace Sidecar.Tests.Unit.Broker.Bulk;

/// <summary>CSV as RFC 4180 has it, and as spreadsheets write it.</summary>
public sealed class CsvTextTests
{
    private static string[][] Fields(string text) => [.. CsvText.Read(text)!.Select(record => record.Fields.ToArray())];

    [Theory]
    [InlineData("a,b\r\n1,2\r\n", "\r\n ends lines")]
    [InlineData("a,b\n1,2", "the last line needs no end")]
    [InlineData("a,b\r1,2\r", "old line ends")]
    [InlineData("\uFEFFa,b\n\n1,2\n\n", "a byte order mark, and empty lines")]
    [InlineData("a;b\n1;2\n", "semicolons, as spreadsheets of half of Europe write it")]
    [InlineData("\"a\",\"b\"\n\"1\",\"2\"\n", "quotes where none are needed")]
    public void One_list_is_read_however_it_was_saved(string text, string why) => Fields(text).ShouldBe([["a", "b"], ["1", "2"]], why);

    [Fact]
    public void A_field_in_quotes_holds_separators_line_ends_and_quotes()
    {
        Fields("a,b\n\"1,5\",\"say \"\"no\"\"\r\ntwice\"\n").ShouldBe([["a", "b"], ["1,5", "say \"no\"\r\ntwice"]]);
        Fields("a,b\n\"\",\n").ShouldBe([["a", "b"], ["", ""]]);
    }

    [Fact]
    public void A_record_is_told_by_the_line_on_which_it_begins() =>
        CsvText.Read("a,b\r\n\"1\r\n2\",3\r\n\r\n4,5\n6,7\r8,9")!.Select(record => record.Line).ShouldBe([1, 2, 5, 6, 7]);

    [Theory]
    [InlineData("a,b\n1,x\"y\n2,3\n")]
    [InlineData("a,b\n1,\"x\"y\n2,3\n")]
    [InlineData("a,b\n1,\"x\" \"\n2,3\n")]
    public void A_quote_in_a_wrong_place_spoils_its_record_alone(string text) => CsvText.Read(text)!.Select(record => record.IsWellFormed).ShouldBe([true, false, true]);

    [Fact]
    public void A_quote_that_is_never_closed_spoils_everything() => CsvText.Read("a,b\n1,\"2\n3,4\n").ShouldBeNull();

    [Fact]
    public void What_is_written_is_read_back() =>
        Gen.String["a,;\"\r\né "].Array[2, 4].Array[1, 6].Sample(rows =>
        {
            var text = new StringBuilder("h1,h2\n");
            foreach (var row in rows) text.AppendLine(CultureInfo.InvariantCulture, $"{string.Join(',', row.Select(field => $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\""))}");
            Fields(text.ToString())[1..].ShouldBe(rows);
        });
}
