using System.Globalization;
using System.Text.Json;
using Azure;
using Sidecar.Broker.Sdp;
using Sidecar.Contract;

namespace Sidecar.Broker.Credentials;

/// <summary>What Key Vault's refusals mean for the credential.</summary>
internal static class VaultRefusal
{
    public static CredentialException Explain(RequestFailedException refusal, string vault, string secret)
    {
        // The inner code tells the ways of 403 apart; the SDK shows the outer one only.
        var (state, message) = (refusal.Status, refusal.ErrorCode, InnerCode(refusal)) switch
        {
            (0, _, _) => (CredentialState.Unreachable, $"Key Vault {vault} does not answer{Why(refusal)}."),
            (401, _, _) => (CredentialState.Denied, $"Key Vault {vault} does not accept the broker's token. Check the tenant and the identity."),
            (403, _, "SecretDisabled") =>
                (CredentialState.Disabled, $"Secret {secret} in {vault} is disabled. Enable it, or onboard the user again."),
            (403, _, "ForbiddenByFirewall" or "ForbiddenByConnection") =>
                (CredentialState.Denied, $"The firewall of Key Vault {vault} does not let the broker in. Allow its network."),
            (403, _, _) => (CredentialState.Denied,
                $"The broker's identity may not read secret {secret} in {vault}. Give it the role Key Vault Secrets User on that secret."),
            // Any other 404 is not the vault's own word.
            (404, "SecretNotFound", _) =>
                (CredentialState.Missing, $"There is no secret {secret} in {vault}. If it was deleted, recover it; else onboard the user."),
            (429, _, _) => (CredentialState.Throttled, $"Key Vault {vault} has too many calls and asks for a pause."),
            _ => (CredentialState.Unreachable, $"Key Vault {vault} answered {refusal.Status}, which says nothing about the secret."),
        };
        return new CredentialException(state, message, RetryAfter(refusal), refusal);
    }

    /// <summary>Such as " (its name cannot be resolved)"; empty where the network does not say.</summary>
    public static string Why(Exception? failure)
    {
        for (; failure is not null; failure = failure.InnerException)
            if (failure is HttpRequestException) return $" ({SdpClient.Reason(failure)})";
        return "";
    }

    private static string? InnerCode(RequestFailedException refusal)
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

    // As seconds, or as a moment, which is read by the vault's own clock.
    private static TimeSpan? RetryAfter(RequestFailedException refusal)
    {
        if (refusal.GetRawResponse()?.Headers is not { } headers || !headers.TryGetValue("Retry-After", out var text)) return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)) return TimeSpan.FromSeconds(seconds);
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out var moment) && moment > headers.Date ? moment - headers.Date : null;
    }
}
