using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Sidecar.Tests.Harness;

namespace Sidecar.Tests.Onboarding.Failures;

/// <summary>One call of one command going wrong in one way.</summary>
/// <param name="Deed">The command.</param>
/// <param name="At">Which of its calls, from 0.</param>
/// <param name="Trouble">What goes wrong with it.</param>
internal sealed record Row(Deed Deed, int At, Trouble Trouble)
{
    private const int SampleSize = 8;

    public Call Call => Deed.Calls[At];

    public string Name => $"{Deed.Name}; {At + 1}. {Call.Name}; {Trouble}";

    /// <summary>
    /// Grants that are left beside the stored one, by the nature of it: Zoho made one and its answer was lost, or whoever held one
    /// was killed.
    /// </summary>
    public int StrayGrants => Deed.Calls.Contains(Call.Exchange) && (Trouble == Trouble.KilledBefore || (Trouble == Trouble.Late && Call == Call.Exchange)) ? 1 : 0;

    public static readonly IReadOnlyList<Row> All =
    [
        .. from deed in Deed.All
           from at in Enumerable.Range(0, deed.Calls.Count)
           from trouble in deed.Calls[at] == Call.Write ? [.. Troubles.OfEvery, .. Troubles.OfWrites] : Troubles.OfEvery
           select new Row(deed, at, trouble),
    ];

    /// <summary>
    /// All of them on the published programs; a few, from all over the table, on the built ones, which start slowly.
    /// SIDECAR_FAILURES, a regular expression, chooses by name.
    /// </summary>
    public static IReadOnlyList<Row> Chosen { get; } = new ConfigurationBuilder().AddEnvironmentVariables("SIDECAR_").Build()["FAILURES"] is { } names
        ? [.. All.Where(row => Regex.IsMatch(row.Name, names))]
        : Stage.IsPublished ? All : [.. Quick.Where((_, at) => at % ((Quick.Count / SampleSize) + 1) == SampleSize)];

    // Those without minutes of waiting.
    private static List<Row> Quick => [.. All.Where(row => row.Trouble is not (Trouble.Down or Trouble.Gone))];

    public override string ToString() => Name;
}
