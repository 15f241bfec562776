namespace Sidecar.Shim.Access.Entra;

/// <summary>Why a token does not open the shim. No text quotes anything of the token: whoever sent it may have made it up.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Error">Error code of RFC 6750; null where a client could do nothing about it.</param>
/// <param name="Reason">One sentence, also good for a header.</param>
internal sealed record Refusal(int Status, string? Error, string Reason)
{
    public static readonly Refusal Missing = new(StatusCodes.Status401Unauthorized, null, "No credential was sent.");
    public static readonly Refusal Unreadable = Bad("The token cannot be read.");
    public static readonly Refusal Algorithm = Bad("The token is not signed with RS256.");
    public static readonly Refusal Version = Bad(
        "The token is not of version 2.0. In the manifest of the app registration, requestedAccessTokenVersion has to be 2.");
    public static readonly Refusal UnknownKey = Bad("The token is signed with a key that Entra ID does not publish for this tenant.");
    public static readonly Refusal Signature = Bad("The signature of the token does not fit.");
    public static readonly Refusal Issuer = Bad("The token was issued by another tenant or authority.");
    public static readonly Refusal Audience = Bad("The token is for another application.");
    public static readonly Refusal Expired = Bad("The token has expired.");
    public static readonly Refusal NotYetValid = Bad("The token is not valid yet; a clock is wrong.");

    public static readonly Refusal NoUser = new(
        StatusCodes.Status403Forbidden, "insufficient_scope", "The token is of an application itself, or no access token: it names no permission that a person gave.");
    public static readonly Refusal Scope = new(StatusCodes.Status403Forbidden, "insufficient_scope", "The token lacks the permission that is asked for here.");
    public static readonly Refusal NotTheOwner = new(
        StatusCodes.Status403Forbidden, null, "The token is good and belongs to another person: this shim serves its owner alone. Use the URL that you were given.");
    public static readonly Refusal NoPrincipalName = new(
        StatusCodes.Status403Forbidden,
        null,
        "The token has no claim upn, and the owner is known here by principal name. Add the optional claim upn to the app registration, or set the object id of the owner.");

    public static readonly Refusal NoKeys = new(
        StatusCodes.Status503ServiceUnavailable, null, "The keys of Entra ID cannot be read at the moment, so the token cannot be checked. Try again soon; the log of the shim says why.");

    private static Refusal Bad(string reason) => new(StatusCodes.Status401Unauthorized, "invalid_token", reason);
}
