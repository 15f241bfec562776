namespace Sidecar.Simulator.Accounts;

internal sealed record ZohoClient(string Id, string Secret);

/// <summary>What a user allowed a client to do: a refresh token and the access tokens made from it.</summary>
internal sealed class Grant(ZohoClient client, string portal, string email, IReadOnlyList<string> scopes, string refreshToken)
{
    public ZohoClient Client { get; } = client;
    public string Portal { get; } = portal;
    public string Email { get; } = email;
    public IReadOnlyList<string> Scopes { get; } = scopes;
    public string RefreshToken { get; } = refreshToken;
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

internal sealed record GrantCode(string Value, ZohoClient Client, string Portal, string Email, IReadOnlyList<string> Scopes, DateTimeOffset Expires);
