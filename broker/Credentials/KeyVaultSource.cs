using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Azure;
using Azure.Core.Pipeline;
using Azure.Identity;
using Azure.Security.KeyVault.Secrets;
using Sidecar.Broker.Sdp;
using Sidecar.Broker.Tls;
using Sidecar.Contract;

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
            throw VaultRefusal.Explain(exception, client.VaultUri.Host, secretName);
        }
        catch (AuthenticationFailedException exception)
        {
            throw NotSignedIn(exception);
        }
        catch (Exception exception) when (OutboundHandlers.IsOfTheNetwork(exception))
        {
            // The SDK wraps what an HttpClient throws by its contract, and lets pass what a socket throws all the same.
            throw new CredentialException(CredentialState.Unreachable, $"Key Vault {client.VaultUri.Host} does not answer ({SdpClient.Reason(exception)}).", inner: exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CredentialException(CredentialState.Unreachable, $"Key Vault {client.VaultUri.Host} does not answer in time.", inner: exception);
        }

        return StoredCredential.Parse(secret.Value, VersionOf(secret), $"Secret {secretName} in {client.VaultUri.Host}");
    }

    /// <summary>How the vault is called. Nothing is retried here: the watcher does, and meanwhile everybody who asks is told.</summary>
    public static SecretClientOptions Options(HttpPipelineTransport transport) => new()
    {
        Transport = transport,
        Retry = { MaxRetries = 0, NetworkTimeout = TimeSpan.FromSeconds(15) },
    };

    // A vault always names it. Without, a digest changes when the credential does.
    private static string VersionOf(KeyVaultSecret secret) => secret.Properties.Version is { Length: > 0 } version
        ? version
        : "digest-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret.Value)))[..12];

    // Entra's own code is the one part of its answer that helps and says nothing private; it stands in an inner exception.
    private static CredentialException NotSignedIn(AuthenticationFailedException exception)
    {
        var code = EntraCodes().Match(exception.ToString());
        return code.Success || exception is CredentialUnavailableException
            ? new CredentialException(
                CredentialState.Denied,
                $"Azure did not accept the broker's identity{(code.Success ? $" ({code.Value})" : "")}. Check the identity, its federated credential and the service account.",
                inner: exception)
            : new CredentialException(CredentialState.Unreachable, $"Azure's sign-in, which Key Vault needs, does not answer{VaultRefusal.Why(exception)}.", inner: exception);
    }

    [GeneratedRegex("AADSTS[0-9]{4,10}")]
    private static partial Regex EntraCodes();
}
