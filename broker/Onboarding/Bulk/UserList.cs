using System.Text;

namespace Sidecar.Broker.Onboarding.Bulk;

/// <summary>Reads the file of users with their credentials.</summary>
internal static class UserList
{
    // Ten thousand users need three.
    private const long MostBytes = 32 * 1024 * 1024;

    private const UnixFileMode Others = ~(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

    /// <param name="path">The file; a pipe such as <c>/dev/stdin</c> will do.</param>
    /// <param name="byDefault">What a pod may do, where its row does not say.</param>
    /// <param name="cancellationToken">Ends it: a pipe may be slow.</param>
    /// <returns>Its rows, the bad ones among them.</returns>
    /// <exception cref="CommandFailure">Something is wrong with the file as a whole; the message has all of it.</exception>
    public static async Task<IReadOnlyList<BulkRow>> ReadAsync(string path, AccessWish byDefault, CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        var records = CsvText.Read(await LoadAsync(path, problems, cancellationToken));
        if (records is null) problems.Add("A quote is opened in it and never closed.");
        string[] header = records is [var first, ..] ? [.. first.Fields.Select(field => field.Trim())] : [];
        if (records is { Count: < 2 }) problems.Add("It has no rows: the first line names the columns, each other one is a user.");
        if (header.Length > 0) problems.AddRange(ProblemsOf(header));
        if (problems.Count > 0)
            throw new CommandFailure($"The list {path} cannot be used. {string.Join(' ', problems)}", $"Mend it and run the command again. Columns are: {string.Join(", ", BulkRow.Columns)}.");

        var known = new Dictionary<string, int>();
        return [.. records!.Skip(1).Select(record => Unless(known, Row(record, header, byDefault)))];
    }

    private static IEnumerable<string> ProblemsOf(string[] header)
    {
        foreach (var needed in new[] { "user", "client_secret|technician_key" })
            if (!needed.Split('|').Any(header.Contains)) yield return $"It has no column {needed.Replace("|", " or ", StringComparison.Ordinal)}.";
        foreach (var column in header.Distinct())
        {
            // Without a header the first line is a user, secrets and all.
            var shown = column.Length is > 0 and <= 30 && column.All(c => char.IsAsciiLetterLower(c) || c == '_') ? $"\"{column}\"" : "one of its columns";
            if (!BulkRow.Columns.Contains(column)) yield return $"It names {shown}, which is not a column of a list.";
            if (header.Count(other => other == column) > 1) yield return $"It names {shown} twice.";
        }
    }

    private static BulkRow Row(CsvRecord record, string[] header, AccessWish byDefault)
    {
        if (!record.IsWellFormed) return BulkRow.Bad(record.Line, null, "a quote stands where none may: a field with quotes in it is quoted whole, and they are doubled");
        if (record.Fields.Count > header.Length) return BulkRow.Bad(record.Line, null, $"it has {record.Fields.Count} fields and the list has {header.Length} columns");
        var cells = header.Zip(record.Fields).Where(pair => !string.IsNullOrWhiteSpace(pair.Second)).ToDictionary(pair => pair.First, pair => pair.Second.Trim());
        return BulkRow.Read(record.Line, cells, byDefault);
    }

    // Two rows of one user would overwrite each other in an order that nobody chose.
    private static BulkRow Unless(Dictionary<string, int> known, BulkRow row) => row.User is null || known.TryAdd(row.User.Email, row.Line)
        ? row : BulkRow.Bad(row.Line, row.User, $"the user has a row already, at line {known[row.User.Email]}");

    private static async Task<string> LoadAsync(string path, List<string> problems, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            // Of the file that was opened. There is no way round it: to close the file is one command, and a pipe has no such mode.
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file.SafeFileHandle) & Others) != 0)
                problems.Add("Others than you can reach it, and it holds secrets: chmod 600.");
            using var content = new MemoryStream();
            var buffer = new byte[64 * 1024];
            while (content.Length <= MostBytes && await file.ReadAsync(buffer, cancellationToken) is > 0 and var read) content.Write(buffer, 0, read);
            if (content.Length > MostBytes) throw new CommandFailure($"The list {path} is larger than {MostBytes / 1024 / 1024} MB.", "Split it, and onboard its parts one after the other.");
            return new UTF8Encoding(false, true).GetString(content.GetBuffer(), 0, (int)content.Length);
        }
        catch (ArgumentException exception)
        {
            throw new CommandFailure($"The list {path} is not UTF-8 text.", "Save it as \"CSV UTF-8\".", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure($"The list {path} cannot be read ({exception.GetType().Name}).", "Check the name and that you may read it.", exception);
        }
    }
}
