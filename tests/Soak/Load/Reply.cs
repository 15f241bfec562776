using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Sidecar.Soak.Load;

/// <summary>How a call stands, as a caller understands it from what was said.</summary>
internal enum Outcome
{
    /// <summary>The tool answered.</summary>
    Done,

    /// <summary>It failed and says that nothing was changed, or the call never left.</summary>
    Nothing,

    /// <summary>It failed and says that a part was done.</summary>
    Partly,

    /// <summary>It failed and says that this is not known, or nobody said anything.</summary>
    Unknown,
}

/// <summary>What came of one tool call, read as a model reads it: the words count.</summary>
/// <param name="Outcome">How it stands.</param>
/// <param name="Text">What was said.</param>
/// <param name="Answer">The structured content of an answer.</param>
internal sealed partial record Reply(Outcome Outcome, string Text, JsonObject? Answer = null)
{
    /// <summary>Nobody answered: the shim was not there, or went away in the middle.</summary>
    public bool IsSilence { get; private init; }

    /// <summary>How long the caller was told to wait before another try.</summary>
    public TimeSpan Wait => Waiting().Match(Text) is { Success: true } match
        ? int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) * (match.Groups[2].Value == "minutes" ? TimeSpan.FromMinutes(1) : TimeSpan.FromSeconds(1))
        : TimeSpan.Zero;

    /// <summary>The call never left, or was not answered.</summary>
    public static Reply Silence(Outcome outcome, string why) => new(outcome, why) { IsSilence = true };

    /// <summary>Reads a tool's failure.</summary>
    public static Reply Failed(string text) => new(
        text.Contains("Nothing was changed.", StringComparison.Ordinal) ? Outcome.Nothing
        : text.Contains("Only a part of it was done", StringComparison.Ordinal) ? Outcome.Partly
        : text.Contains("It was carried out", StringComparison.Ordinal) ? Outcome.Done
        : Outcome.Unknown,
        text);

    [GeneratedRegex("Wait ([0-9]+) (seconds|minutes) before another try")]
    private static partial Regex Waiting();
}
