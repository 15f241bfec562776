using System.Text.Json;
using Azure;
using Azure.Identity;
using Sidecar.Broker.Onboarding.Verify;
using Sidecar.Broker.Tls;

namespace Sidecar.Broker.Onboarding.Vault;

/// <summary>What Key Vault's refusals mean for the operator. Nothing that it was sent is quoted.</summary>
internal static class VaultFailure
{
    public const string OfficerRole = "Key Vault Secrets Officer";

    /// <param name="exception">What the client threw.</param>
    /// <param name="vault">Host of the vault.</param>
    /// <param name="doing">What was tried, such as "reading sdp-anna".</param>
    public static CommandFailure Explain(Exception exception, string vault, string doing) => exception switch
    {
        RequestFailedException { Status: 401 } => new(
            $"Key Vault {vault} does not accept your token ({doing}).", "Check that you are signed in to the tenant of the vault.", exception),
        RequestFailedException { Status: 403 } refusal when InnerCode(refusal) is "ForbiddenByFirewall" or "ForbiddenByConnection" => new(
            $"The firewall of Key Vault {vault} does not let this machine in ({doing}).", "Allow its network, or run the command from one that is allowed.", exception),
        RequestFailedException { Status: 403 } refusal when InnerCode(refusal) == "ForbiddenByPolicy" => new(
            $"A policy of Key Vault {vault} forbids {doing}.", "With purge protection a deleted secret stays until its time is over.", exception),
        RequestFailedException { Status: 403 } => new(
            $"Your identity is not permitted {doing} in Key Vault {vault}.", $"It needs the role {OfficerRole} on the vault. A new assignment can take minutes to count.", exception),
        RequestFailedException { Status: 429 } => new(
            $"Key Vault {vault} has too many calls ({doing}).", "Run the command again in a minute: it goes on where it was.", exception),
        RequestFailedException { Status: > 0 and < 500 } refusal => new(
            $"Key Vault {vault} refused {doing} with {refusal.Status} {Name(refusal.ErrorCode)}.", "Check the vault's URL and the user's name.", exception),
        AuthenticationFailedException when CertificateTrouble.Of(exception, "Azure's sign-in") is { } trouble => new(trouble, CertificateTrouble.Remedy, exception),
        // What Entra refuses has a code of its own.
        AuthenticationFailedException and not CredentialUnavailableException when !exception.ToString().Contains("AADSTS", StringComparison.Ordinal) => new(
            "Azure's sign-in, which Key Vault needs, does not answer.", "Check the network, then run the command again: it goes on where it was.", exception),
        AuthenticationFailedException => new(
            "Azure did not accept your sign-in, which Key Vault needs.", "Sign in, for example with: az login. Another way to sign in is chosen with --identity.", exception),
        JsonException or InvalidOperationException => new($"What answers at {vault} is no Key Vault ({doing}).", "Check the vault's URL, and that no proxy answers in its place.", exception),
        _ when CertificateTrouble.Of(exception, $"Key Vault {vault}") is { } trouble => new(trouble, CertificateTrouble.Remedy, exception),
        _ => new($"Key Vault {vault} does not answer ({doing}).", "Check the URL and the network, then run the command again: it goes on where it was.", exception),
    };

    /// <summary>True where nobody can say whether the call was carried out.</summary>
    public static bool IsUnanswered(Exception exception) =>
        exception is RequestFailedException { Status: 0 or >= 500 or 408 } or OperationCanceledException or AggregateException or JsonException || OutboundHandlers.IsOfTheNetwork(exception);

    /// <summary>True where the vault asks for a pause.</summary>
    public static bool IsThrottled(Exception exception) => exception is RequestFailedException { Status: 429 };

    /// <summary>True where the vault is busy with the name: a deletion or a recovery is not over yet.</summary>
    public static bool IsInTransition(Exception exception) =>
        exception is RequestFailedException { Status: 409 } refusal && InnerCode(refusal) is "ObjectIsBeingDeleted" or "ObjectIsBeingRecovered";

    public static string? InnerCode(RequestFailedException refusal)
    {
        try
        {
            using var body = JsonDocument.Parse(refusal.GetRawResponse()?.Content ?? BinaryData.Empty);
            return body.RootElement.GetProperty("error").GetProperty("innererror").GetProperty("code").GetString();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    // Only what looks like the name of an error.
    private static string Name(string? code) => code is { Length: > 0 and <= 40 } && code.All(char.IsAsciiLetterOrDigit) ? code : "an error of its own";
}
