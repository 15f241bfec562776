namespace Sidecar.Simulator;

/// <summary>Where the sources about Zoho accounts disagree.</summary>
public sealed record AccountsSwitches
{
    /// <summary>Seconds that an access token lives.</summary>
    public int TokenSeconds { get; init; } = 3600;

    /// <summary>Access tokens per refresh token and window.</summary>
    public int ThrottleLimit { get; init; } = 10;

    /// <summary>Seconds of the window.</summary>
    public int ThrottleSeconds { get; init; } = 600;

    /// <summary>HTTP status of the throttle body: 400 as recorded, 200 as Zoho writes.</summary>
    public int ThrottleStatus { get; init; } = 400;

    /// <summary>True: the throttle body is in Chinese, its "error" included.</summary>
    public bool ThrottleLocalised { get; init; }

    /// <summary>Access tokens alive per refresh token; one more ends the oldest. 15 or 30, by source.</summary>
    public int LiveTokens { get; init; } = 15;

    /// <summary>Refresh tokens per user and client; one more ends the oldest.</summary>
    public int RefreshTokens { get; init; } = 20;

    /// <summary>True: replies carry "scope", as newer pages show.</summary>
    public bool ReplyHasScope { get; init; }

    /// <summary>True: replies carry expires_in_sec, and expires_in in milliseconds, as they once did.</summary>
    public bool ExpiresInMilliseconds { get; init; }
}
