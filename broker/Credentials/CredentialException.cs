using Sidecar.Contract;

namespace Sidecar.Broker.Credentials;

/// <summary>A credential cannot be had.</summary>
/// <param name="state">Which way; decides whether one that was read before stays in use.</param>
/// <param name="message">Why, and what to do, for people; no secret in it.</param>
/// <param name="retryAfter">How long the source asks to be left alone, where it does.</param>
/// <param name="inner">What was caught; for the log, never shown.</param>
internal sealed class CredentialException(CredentialState state, string message, TimeSpan? retryAfter = null, Exception? inner = null)
    : Exception(message, inner)
{
    public CredentialState State => state;

    public TimeSpan? RetryAfter => retryAfter;

    /// <summary>True if the source was not seen to say anything about the credential itself.</summary>
    public bool IsPassing => state is CredentialState.Unreachable or CredentialState.Throttled or CredentialState.Denied;
}
