namespace Sidecar.Simulator.Accounts;

internal sealed record ZohoClient(string Id, string Secret)
{
    public required ClientKind Kind { get; init; }

    /// <summary>What the consent page calls it.</summary>
    public required string Name { get; init; }
    public required string Portal { get; init; }

    /// <summary>Who is signed in unless somebody else is named.</summary>
    public required string Email { get; init; }
    public IReadOnlyList<string> RedirectUris { get; init; } = [];
}

/// <summary>What a user allowed a client to do, and the access tokens made from it.</summary>
internal sealed class Grant(ZohoClient client, string email, IReadOnlyList<string> scopes, string? refreshToken, int ordinal)
{
    public ZohoClient Client { get; } = client;
    public string Portal => Client.Portal;
    public string Email { get; } = email;
    public IReadOnlyList<string> Scopes { get; } = scopes;

    /// <summary>Null for access that was not asked for offline: it ends with its only access token.</summary>
    public string? RefreshToken { get; } = refreshToken;

    /// <summary>1 for the first refresh token made; 0 without one.</summary>
    public int Ordinal { get; } = ordinal;
    public bool Revoked { get; set; }
    public List<AccessToken> Tokens { get; } = [];
    public Queue<DateTimeOffset> Made { get; } = [];
    public DateTimeOffset BlockedUntil { get; set; }
}

internal sealed class AccessToken(string value, int ordinal, Grant grant, DateTimeOffset expires)
{
    public string Value { get; } = value;
    public int Ordinal { get; } = ordinal;
    public Grant Grant { get; } = grant;
    public DateTimeOffset Expires { get; set; } = expires;
    public bool Allows(string scope)
    {
        var module = scope[..scope.LastIndexOf('.')];
        return Grant.Scopes.Any(granted =>
            granted.Equals(scope, StringComparison.OrdinalIgnoreCase)
            || granted.Equals(module + ".ALL", StringComparison.OrdinalIgnoreCase));
    }
}

/// <summary>A one-time code and what its exchange must prove.</summary>
internal sealed record GrantCode(string Value, ZohoClient Client, string Email, IReadOnlyList<string> Scopes, DateTimeOffset Expires)
{
    /// <summary>False: the exchange gives no refresh token.</summary>
    public bool Offline { get; init; } = true;

    /// <summary>The exchange must name the same; null for a code of the console, which belongs to no redirect.</summary>
    public string? RedirectUri { get; init; }
    public PkceChallenge? Challenge { get; init; }
}
