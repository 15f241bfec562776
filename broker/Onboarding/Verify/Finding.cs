namespace Sidecar.Broker.Onboarding.Verify;

internal enum Verdict
{
    /// <summary>It holds.</summary>
    Good,

    /// <summary>Worth knowing; it stops nothing.</summary>
    Note,

    /// <summary>It does not hold: a pod with this credential would not do all that it is for.</summary>
    Bad,
}

/// <summary>One thing that was looked at.</summary>
/// <param name="Check">What was looked at: a word that programs may rely on, such as <c>token</c>.</param>
/// <param name="Verdict">How it is.</param>
/// <param name="Text">What was found, in a sentence.</param>
/// <param name="Remedy">What to do about it; null where there is nothing to do.</param>
internal sealed record Finding(string Check, Verdict Verdict, string Text, string? Remedy = null)
{
    /// <summary>True for what says more of a server, or of the way to it, than of the credential: another one would fare no better now.</summary>
    public bool IsOutside { get; init; }

    public static Finding Good(string check, string text) => new(check, Verdict.Good, text);

    public static Finding Note(string check, string text, string? remedy = null) => new(check, Verdict.Note, text, remedy);

    public static Finding Bad(string check, string text, string remedy) => new(check, Verdict.Bad, text, remedy);
}
