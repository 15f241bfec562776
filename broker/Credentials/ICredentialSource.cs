namespace Sidecar.Broker.Credentials;

/// <summary>Where credentials are kept.</summary>
internal interface ICredentialSource
{
    /// <summary>Reads the credential.</summary>
    /// <exception cref="CredentialException">It cannot be had; the message says why, without a secret.</exception>
    Task<Credential> ReadAsync(CancellationToken cancellationToken);
}
