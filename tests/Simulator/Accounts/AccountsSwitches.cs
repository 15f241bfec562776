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

    /// <summary>Refresh tokens made per user and client in one window: 5 a minute, or 10 in 600 seconds, by source.</summary>
    public int RefreshTokenLimit { get; init; } = 5;

    /// <summary>Seconds of that window.</summary>
    public int RefreshTokenSeconds { get; init; } = 60;

    /// <summary>Codes per client in one window: 10 in 10 minutes; one page says 4 a minute.</summary>
    public int CodeLimit { get; init; } = 10;

    /// <summary>Seconds of that window.</summary>
    public int CodeSeconds { get; init; } = 600;

    /// <summary>Where refresh tokens are revoked.</summary>
    public RevokePath RevokePath { get; init; }

    /// <summary>
    /// True: a redirect to <c>http://127.0.0.1</c> or <c>http://localhost</c> may name any port, once the URI is registered with one
    /// (RFC 8252). No source says that Zoho allows it.
    /// </summary>
    public bool AnyLoopbackPort { get; init; }

    /// <summary>The data centre that a redirect names as the user's.</summary>
    public string Location { get; init; } = "us";

    /// <summary>True: replies carry "scope", as newer pages show.</summary>
    public bool ReplyHasScope { get; init; }

    /// <summary>True: replies carry expires_in_sec, and expires_in in milliseconds, as they once did.</summary>
    public bool ExpiresInMilliseconds { get; init; }
}

/// <summary>Which path revokes; the other is not found.</summary>
public enum RevokePath
{
    /// <summary><c>/oauth/v2/token/revoke</c>, as all pages and clients have it.</summary>
    TokenRevoke,

    /// <summary><c>/oauth/v2/revoke/token</c>, as the OpenID document has it.</summary>
    RevokeToken,
}
