using Sidecar.Simulator.Accounts;
using Sidecar.Simulator.Hosting;

namespace Sidecar.Simulator;

// What people do in the API console, and what tests look up.
public sealed partial class ZohoAccounts
{
    private int _grantOrdinal;

    /// <summary>How many access tokens it has made since the start.</summary>
    public int TokensMade => _ordinal;

    /// <summary>Every access token made, for tests that look for them where they must not be.</summary>
    public IReadOnlyList<string> AccessTokens
    {
        get
        {
            lock (_world.Gate)
                return [.. _tokens.Keys];
        }
    }

    /// <summary>Every refresh token made, oldest first, the revoked ones too.</summary>
    public IReadOnlyList<IssuedRefreshToken> RefreshTokens
    {
        get
        {
            lock (_world.Gate)
                return
                [
                    .. _grants.Values.OrderBy(grant => grant.Ordinal).Select(grant => new IssuedRefreshToken
                    {
                        Ordinal = grant.Ordinal,
                        Value = grant.RefreshToken!,
                        Email = grant.Email,
                        Portal = grant.Portal,
                        ClientId = grant.Client.Id,
                        Scopes = grant.Scopes,
                        Revoked = grant.Revoked,
                        LiveAccessTokens = grant.Tokens.Count(IsLive),
                    }),
                ];
        }
    }

    /// <summary>Lets every access token expire now; refresh tokens stay good.</summary>
    public void ExpireAccessTokens()
    {
        lock (_world.Gate)
            foreach (var token in _tokens.Values)
                token.Expires = DateTimeOffset.MinValue;
    }

    /// <summary>Revokes every refresh token and all access tokens: what an administrator does to a lost account.</summary>
    public void RevokeAll()
    {
        lock (_world.Gate)
            foreach (var grant in _grants.Values.Concat(_tokens.Values.Select(token => token.Grant)))
                grant.Revoked = true;
    }

    internal ZohoClient AddClient(ClientKind kind, string portal, string email, string? name = null, IReadOnlyList<string>? redirectUris = null)
    {
        var client = new ZohoClient(Fakes.ClientId(), Fakes.ClientSecret())
        {
            Kind = kind,
            Name = name ?? (kind == ClientKind.Self ? "Self Client" : "Sidecar"),
            Portal = portal,
            Email = email,
            RedirectUris = redirectUris ?? [],
        };
        return _clients[client.Id] = client;
    }

    /// <summary>A refresh token; one too many for the user and client ends the oldest.</summary>
    internal Grant AddGrant(ZohoClient client, string email, IReadOnlyList<string> scopes)
    {
        var same = _grants.Values.Where(grant => grant.Client == client && grant.Email == email && !grant.Revoked).ToList();
        if (same.Count >= Switches.RefreshTokens)
            same[0].Revoked = true;
        var grant = new Grant(client, email, scopes, Fakes.ZohoToken(), ++_grantOrdinal);
        _grants[grant.RefreshToken!] = grant;
        return grant;
    }

    internal string AddCode(ZohoClient client, string email, IReadOnlyList<string> scopes, int minutes = 10) =>
        Add(new GrantCode(Fakes.ZohoToken(), client, email, scopes, _world.Clock.GetUtcNow().AddMinutes(minutes)));

    internal string Add(GrantCode code)
    {
        _codes[code.Value] = code;
        return code.Value;
    }

    /// <summary>Counts a code against its client's limit.</summary>
    /// <returns>False: there were too many lately.</returns>
    internal bool MayMakeCode(ZohoClient client) =>
        Window(_codesMade, client).Enter(Switches.CodeLimit, TimeSpan.FromSeconds(Switches.CodeSeconds)) is null;
}
