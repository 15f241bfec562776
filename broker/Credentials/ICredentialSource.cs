namespace Sidecar.Broker.Credentials;

/// <summary>Where credentials are kept.</summary>
internal interface ICredentialSource
{
    /// <summary>Reads the credential.</summary>
    /// <exception cref="CredentialException">It cannot be had; the message says why, without a secret.</exception>
    Task<Credential> ReadAsync(CancellationToken cancellationToken);
}

/// <summary>A credential cannot be had.</summary>
/// <param name="message">Why, and what to do, for people; no secret in it.</param>
/// <param name="inner">What was caught; for the log, never shown.</param>
internal sealed class CredentialException(string message, Exception? inner = null) : Exception(message, inner);
