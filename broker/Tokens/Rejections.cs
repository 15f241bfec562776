using Sidecar.Broker.Credentials;
using Sidecar.Contract;

namespace Sidecar.Broker.Tokens;

/// <summary>
/// Remembers that the instance did not accept a token just made: for a while calls are told so at once, and neither the
/// instance nor Zoho is asked. A while that grows, and ends with the credential.
/// </summary>
internal sealed class Rejections(TimeProvider clock)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMinutes(1), LastPause = TimeSpan.FromMinutes(10);

    private string? _version;
    private TimeSpan _until, _pause;

    /// <summary>What to tell who wants a token for a credential; null if nothing is in the way.</summary>
    public TokenException? Of(Credential credential) => credential.Version == _version && _until - clock.SinceBoot() is { Ticks: > 0 } wait
        ? new TokenException(TokenState.Rejected, "ServiceDesk Plus does not accept new access tokens. Is the technician disabled, or the portal wrong?", wait)
        : null;

    /// <summary>Begins a pause.</summary>
    /// <returns>How long it is.</returns>
    public TimeSpan Add(Credential credential)
    {
        var now = clock.SinceBoot();
        // Longer than the one before, unless all went well for a time since.
        var again = credential.Version == _version && now - _until < LastPause;
        _pause = again ? TimeSpan.FromTicks(Math.Min(_pause.Ticks * 2, LastPause.Ticks)) : FirstPause;
        (_version, _until) = (credential.Version, now + _pause);
        return _pause;
    }
}
