using System.Globalization;
using System.Text.Json;

namespace Sidecar.Broker.Onboarding.Bulk;

/// <summary>What became of each row, as a file: line, user, outcome, reason. It holds no secret.</summary>
internal static class BulkReport
{
    /// <exception cref="CommandFailure">The file cannot be written.</exception>
    public static void Write(string path, IReadOnlyList<RowResult> results)
    {
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            // No secrets, but people's addresses.
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using (var file = new FileStream($"{path}.new", options))
            {
                if (path.EndsWith(".json", StringComparison.OrdinalIgnoreCase)) WriteJson(file, results);
                else WriteCsv(file, results);
            }

            File.Move($"{path}.new", path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure($"The report {path} cannot be written ({exception.GetType().Name}).", "Choose another place, and run the command again: what is in place stays.", exception);
        }
    }

    /// <summary>As outcomes are written for programs and people, such as <c>not_reached</c>.</summary>
    public static string Name(RowOutcome outcome) => outcome == RowOutcome.NotReached ? "not_reached" : outcome.ToString().ToLowerInvariant();

    private static void WriteJson(Stream file, IReadOnlyList<RowResult> results)
    {
        using var json = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = true });
        json.WriteStartArray();
        foreach (var result in results)
        {
            json.WriteStartObject();
            json.WriteNumber("line", result.Row.Line);
            json.WriteString("user", result.Row.User?.Email);
            json.WriteString("outcome", Name(result.Outcome));
            json.WriteString("reason", result.Reason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteCsv(Stream file, IReadOnlyList<RowResult> results)
    {
        using var text = new StreamWriter(file) { NewLine = "\r\n" };
        text.WriteLine("line,user,outcome,reason");
        foreach (var result in results)
        {
            string[] fields = [result.Row.Line.ToString(CultureInfo.InvariantCulture), result.Row.User?.Email ?? "", Name(result.Outcome), result.Reason];
            text.WriteLine(string.Join(',', fields.Select(Quoted)));
        }
    }

    private static string Quoted(string field) =>
        field.AsSpan().IndexOfAny("\",\r\n") < 0 ? field : $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
