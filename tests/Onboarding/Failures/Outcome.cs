namespace Sidecar.Tests.Onboarding.Failures;

/// <summary>How a row ended.</summary>
/// <param name="Seen">What became of it, in the document's words.</param>
/// <param name="Problems">What does not hold; empty where all does.</param>
internal sealed record Outcome(string Seen, IReadOnlyList<string> Problems)
{
    public const string GoesOn = "goes on", Nothing = "nothing changed", RevokedAgain = "grant revoked again", Rest = "rerun", StoredAndRevoked = "rerun makes another", Stray = "rerun; a grant is left";

    /// <summary>The words, with what they mean.</summary>
    public static readonly (string Words, string Meaning)[] Meanings =
    [
        (GoesOn, "the command ends well by itself: exit code 0, and all is in place"),
        (Nothing, "the command ends with exit code 1, or is killed; nothing was changed, and a rerun does it all"),
        (RevokedAgain, "the same; the grant that was made for it at Zoho was revoked again"),
        (Rest, "the command ends with exit code 1, or is killed; a part was done, it says which, and a rerun does the rest"),
        (StoredAndRevoked, "the same; the grant was revoked because nobody could say whether it was stored. It was, and a rerun puts a good one in its place"),
        (Stray, "the same; Zoho made a grant that nobody holds, which the person can remove under Connected Apps. A command that lives to tell says so"),
    ];
}
