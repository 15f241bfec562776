using System.Text.RegularExpressions;
using Azure;
using Azure.Identity;
using Azure.Security.KeyVault.Secrets;

namespace Sidecar.Broker.Credentials;

/// <summary>Reads the credential from one Key Vault secret.</summary>
internal sealed partial class KeyVaultSource(SecretClient client, string secretName) : ICredentialSource
{
    public async Task<Credential> ReadAsync(CancellationToken cancellationToken)
    {
        KeyVaultSecret secret;
        try
        {
            secret = await client.GetSecretAsync(secretName, cancellationToken: cancellationToken);
        }
        catch (RequestFailedException exception)
        {
            throw new CredentialException(Explain(exception), exception);
        }
        catch (AuthenticationFailedException exception)
        {
            throw new CredentialException(
                $"Azure did not accept the broker's identity{EntraCode(exception)}. Check the identity, its federated credential and the service account.",
                exception);
        }

        return CredentialJson.TryParse(secret.Value, secret.Properties.Version, out var credential, out var problem)
            ? credential
            : throw new CredentialException($"Secret {secretName} in {client.VaultUri.Host} is not a credential: {problem}.");
    }

    // Entra's own code is the one part of its answer that helps and says nothing private; it stands in an inner exception.
    private static string EntraCode(Exception exception) =>
        EntraCodes().Match(exception.ToString()) is { Success: true } match ? $" ({match.Value})" : "";

    [GeneratedRegex("AADSTS[0-9]{4,10}")]
    private static partial Regex EntraCodes();

    private string Explain(RequestFailedException exception) => (exception.Status, exception.ErrorCode) switch
    {
        (0, _) => $"Key Vault {client.VaultUri.Host} does not answer.",
        (401, _) => $"Key Vault {client.VaultUri.Host} does not accept the broker's token. Check the tenant and the identity.",
        (403, "Forbidden") when exception.Message.Contains("SecretDisabled", StringComparison.Ordinal) =>
            $"Secret {secretName} in {client.VaultUri.Host} is disabled. Enable it, or onboard the user again.",
        (403, _) => $"The broker's identity may not read secret {secretName} in {client.VaultUri.Host}. Give it the role Key Vault Secrets User on that secret.",
        (404, _) => $"There is no secret {secretName} in {client.VaultUri.Host}. Onboard the user first.",
        (429, _) => $"Key Vault {client.VaultUri.Host} is throttling.",
        _ => $"Key Vault {client.VaultUri.Host} answered {exception.Status} {exception.ErrorCode}.",
    };
}
