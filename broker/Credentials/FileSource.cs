using System.Security.Cryptography;
using System.Text;

namespace Sidecar.Broker.Credentials;

/// <summary>Reads the credential from a file: a local run, Secrets Store CSI, Vault Agent, a Kubernetes secret.</summary>
internal sealed class FileSource(string path) : ICredentialSource
{
    public async Task<Credential> ReadAsync(CancellationToken cancellationToken)
    {
        byte[] content;
        try
        {
            if (new FileInfo(path).Length > CredentialJson.MaxBytes)
                throw new CredentialException($"The credential file {path} is larger than {CredentialJson.MaxBytes} bytes.");
            content = await File.ReadAllBytesAsync(path, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CredentialException(
                $"The credential file {path} cannot be read ({exception.GetType().Name}). Put it there and let the broker's user read it.", exception);
        }

        // A digest of the content changes exactly when the credential does, and gives nothing away.
        var version = "file-" + Convert.ToHexStringLower(SHA256.HashData(content))[..12];
        return CredentialJson.TryParse(Encoding.UTF8.GetString(content), version, out var credential, out var problem)
            ? credential
            : throw new CredentialException($"The credential file {path} is not a credential: {problem}.");
    }
}
