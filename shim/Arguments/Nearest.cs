namespace Sidecar.Shim.Arguments;

/// <summary>Guesses which of the right names was meant.</summary>
internal static class Nearest
{
    private const int MostLetters = 64;

    /// <summary>The nearest name, or null if none is near.</summary>
    public static string? To(string given, IEnumerable<string> names)
    {
        if (given.Length > MostLetters) return null;

        var plain = given.ToLowerInvariant();
        var (name, distance) = names
            .Select(name => (Name: name, Distance: Distance(plain, name.ToLowerInvariant())))
            .DefaultIfEmpty((Name: "", Distance: int.MaxValue))
            .MinBy(candidate => candidate.Distance);
        return distance <= MostMistakes(Math.Min(given.Length, name.Length)) ? name : null;
    }

    // Two letters swapped are two mistakes; in a word of three, two mistakes are another word.
    private static int MostMistakes(int letters) => letters <= 3 ? 1 : Math.Max(2, letters / 3);

    // Levenshtein, one row at a time.
    private static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
