using Sidecar.Contract;

namespace Sidecar.Broker.Tokens;

/// <summary>There is no access token.</summary>
/// <param name="state">Whether it is final, for a while, or perhaps only this once.</param>
/// <param name="message">Why, and what to do, for people; no secret in it.</param>
/// <param name="retryAfter">How long to wait, where that is known.</param>
/// <param name="inner">What was caught; for the log, never shown.</param>
internal sealed class TokenException(TokenState state, string message, TimeSpan? retryAfter = null, Exception? inner = null)
    : Exception(message, inner)
{
    public TokenState State => state;

    public TimeSpan? RetryAfter => retryAfter;

    /// <summary>False if Zoho was not reached at all, so that the request does not count.</summary>
    public bool WasSent { get; init; } = true;
}
