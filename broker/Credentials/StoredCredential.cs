using System.Text;
using System.Text.Json;
using Sidecar.Contract;

namespace Sidecar.Broker.Credentials;

/// <summary>Makes a credential of the text that a source holds, or tells in which way it is none.</summary>
internal static class StoredCredential
{
    /// <param name="text">What is stored.</param>
    /// <param name="version">Changes when the text does.</param>
    /// <param name="place">Where it is stored, to begin a sentence with.</param>
    /// <exception cref="CredentialException">It is too large, malformed or of a kind not served; nothing of it is quoted.</exception>
    public static Credential Parse(string text, string version, string place)
    {
        if (Encoding.UTF8.GetByteCount(text) > CredentialJson.MaxBytes) throw TooLarge(place);
        if (CredentialJson.TryParse(text, version, out var credential, out var problem)) return credential;
        throw IsOfAnotherKind(text)
            ? new CredentialException(CredentialState.WrongKind, $"{place} is a credential of a kind that this broker does not serve: {problem}. Onboard the user again.")
            : new CredentialException(CredentialState.Malformed, $"{place} is not a credential: {problem}. Correct it, or onboard the user again.");
    }

    public static CredentialException TooLarge(string place) => new(
        CredentialState.TooLarge, $"{place} is larger than the {CredentialJson.MaxBytes} bytes that a credential may have. It holds something else; onboard the user again.");

    private static bool IsOfAnotherKind(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text.TrimStart('\uFEFF'));
            return document.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("kind", out var kind) && kind.ValueKind == JsonValueKind.String
                && kind.GetString() is { } name && !CredentialJson.Kinds.Contains(name.Trim());
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
