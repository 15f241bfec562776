using System.Text;

namespace Sidecar.Broker.Onboarding.Bulk;

/// <summary>One record of a CSV text.</summary>
/// <param name="Line">The line on which it begins; the first is 1.</param>
/// <param name="Fields">Its fields, without their quotes.</param>
/// <param name="IsWellFormed">False if a quote stands where none may.</param>
internal sealed record CsvRecord(int Line, IReadOnlyList<string> Fields, bool IsWellFormed);

/// <summary>
/// Reads CSV as RFC 4180 has it: fields in quotes hold separators, line ends and doubled quotes. Our own, because readers on
/// the feed quote what they cannot read in their exceptions, and here that is secrets.
/// </summary>
internal static class CsvText
{
    /// <param name="text">The text; empty lines are left out, line ends may be of any kind.</param>
    /// <returns>Null if a quote is opened and never closed: where the record should have ended, nobody can say.</returns>
    public static IReadOnlyList<CsvRecord>? Read(string text)
    {
        // Excel puts a byte order mark before it, and separates by semicolons where the comma is in numbers.
        text = text.TrimStart('\uFEFF');
        var header = text.AsSpan(0, text.IndexOfAny(['\r', '\n']) is var end and >= 0 ? end : text.Length);
        var separator = header.Contains(';') && !header.Contains(',') ? ';' : ',';

        var (records, fields, field) = (new List<CsvRecord>(), new List<string>(), new StringBuilder());
        var (line, first, quoted, closed, wellFormed) = (1, 1, false, false, true);
        for (var at = 0; at < text.Length; at++)
        {
            var c = text[at];
            if (c == '\n' || (c == '\r' && !(at + 1 < text.Length && text[at + 1] == '\n'))) line++;
            if (quoted)
            {
                if (c != '"') field.Append(c);
                else if (at + 1 < text.Length && text[at + 1] == '"') field.Append(text[at++]);
                else (quoted, closed) = (false, true);
            }
            else if (c == separator)
            {
                EndField();
            }
            else if (c is '\r' or '\n')
            {
                EndRecord();
                first = line;
            }
            else if (c == '"' && field.Length == 0 && !closed)
            {
                quoted = true;
            }
            else
            {
                wellFormed &= c != '"' && !closed;
                field.Append(c);
            }
        }

        if (quoted) return null;
        EndRecord();
        return records;

        void EndField()
        {
            fields.Add(field.ToString());
            field.Clear();
            closed = false;
        }

        void EndRecord()
        {
            if (fields.Count > 0 || field.Length > 0 || closed)
            {
                EndField();
                records.Add(new CsvRecord(first, fields, wellFormed));
            }

            (fields, wellFormed) = ([], true);
        }
    }
}
