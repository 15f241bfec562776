using System.Text.Json.Nodes;
using Sidecar.Simulator.Accounts;
using Sidecar.Simulator.Hosting;

namespace Sidecar.Simulator;

/// <summary>Zoho accounts: clients, grants, tokens, and the limits on making them.</summary>
public sealed class ZohoAccounts
{
    private readonly World _world;
    private readonly Dictionary<string, ZohoClient> _clients = [];
    private readonly Dictionary<string, Grant> _grants = [];
    private readonly Dictionary<string, GrantCode> _codes = [];
    private readonly Dictionary<string, AccessToken> _tokens = [];
    private int _ordinal;

    internal ZohoAccounts(World world) => _world = world;

    /// <summary>How it behaves.</summary>
    public AccountsSwitches Switches { get; set; } = new();

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

    /// <summary>Lets every access token expire now; refresh tokens stay good.</summary>
    public void ExpireAccessTokens()
    {
        lock (_world.Gate)
            foreach (var token in _tokens.Values)
                token.Expires = DateTimeOffset.MinValue;
    }

    /// <summary>Revokes every refresh token with its access tokens: what an administrator does to a lost account.</summary>
    public void RevokeAll()
    {
        lock (_world.Gate)
            foreach (var grant in _grants.Values)
                Revoke(grant);
    }

    internal void Reset()
    {
        _clients.Clear();
        _grants.Clear();
        _codes.Clear();
        _tokens.Clear();
        Switches = new();
    }

    internal ZohoClient AddClient()
    {
        var client = new ZohoClient(Fakes.ClientId(), Fakes.ClientSecret());
        _clients[client.Id] = client;
        return client;
    }

    internal Grant AddGrant(ZohoClient client, string portal, string email, IReadOnlyList<string> scopes)
    {
        var same = _grants.Values.Where(grant => grant.Client == client && grant.Email == email && !grant.Revoked).ToList();
        if (same.Count >= Switches.RefreshTokens)
            Revoke(same[0]);
        var grant = new Grant(client, portal, email, scopes, Fakes.ZohoToken());
        _grants[grant.RefreshToken] = grant;
        return grant;
    }

    internal string AddCode(ZohoClient client, string portal, string email, IReadOnlyList<string> scopes)
    {
        var code = new GrantCode(Fakes.ZohoToken(), client, portal, email, scopes, _world.Clock.GetUtcNow().AddMinutes(10));
        _codes[code.Value] = code;
        return code.Value;
    }

    internal AccessToken? Find(string value) => _tokens.GetValueOrDefault(value);

    internal bool IsLive(AccessToken token) => !token.Grant.Revoked && token.Expires > _world.Clock.GetUtcNow();

    internal Answer Answer(Exchange exchange) => (exchange.Method, exchange.Path) switch
    {
        ("POST", "/oauth/v2/token") => Token(name => Parameter(exchange, name), exchange),
        ("POST", "/oauth/v2/token/revoke") => RevokeToken(Parameter(exchange, "token"), exchange),
        ("GET", "/oauth/user/info") => UserInfo(exchange),
        ("GET", "/oauth/serverinfo") => Hosting.Answer.Json(new JsonObject
        {
            ["result"] = "success",
            ["locations"] = new JsonObject { ["us"] = _world.Urls!.Accounts.OriginalString },
        }),
        _ => Hosting.Answer.Html("<html><body><h1>404</h1>The requested page is not found</body></html>", 404),
    };

    // Zoho takes its parameters from the form or the query alike.
    private static string Parameter(Exchange exchange, string name) =>
        exchange.Form.GetValueOrDefault(name) ?? exchange.Query.GetValueOrDefault(name) ?? "";

    private Answer Token(Func<string, string> parameter, Exchange exchange)
    {
        if (!_clients.TryGetValue(parameter("client_id"), out var client))
            return Error("invalid_client");
        if (parameter("client_secret") != client.Secret)
            return Error("invalid_client_secret");
        switch (parameter("grant_type"))
        {
            case "refresh_token":
                if (!_grants.TryGetValue(parameter("refresh_token"), out var grant) || grant.Revoked || grant.Client != client)
                    return Error("invalid_code");
                return Make(grant, false, exchange);
            case "authorization_code":
                // A code is spent by the first attempt, successful or not.
                if (!_codes.Remove(parameter("code"), out var code) || code.Client != client || code.Expires < _world.Clock.GetUtcNow())
                    return Error("invalid_code");
                return Make(AddGrant(client, code.Portal, code.Email, code.Scopes), true, exchange);
            case "client_credentials":
                return Error("invalid_scope");
            default:
                return Error("unsupported_grant_type");
        }
    }

    private Answer Make(Grant grant, bool withRefreshToken, Exchange exchange)
    {
        var now = _world.Clock.GetUtcNow();
        if (IsThrottled(grant, now))
            return Throttled();
        var token = new AccessToken(Fakes.ZohoToken(), ++_ordinal, grant, now.AddSeconds(Switches.TokenSeconds));
        _tokens[token.Value] = token;
        grant.Tokens.Add(token);
        var live = grant.Tokens.Where(IsLive).ToList();
        foreach (var oldest in live.Take(Math.Max(0, live.Count - Switches.LiveTokens)))
            oldest.Expires = DateTimeOffset.MinValue;
        exchange.Changed = $"access token {token.Ordinal}";

        var reply = new JsonObject { ["access_token"] = token.Value };
        if (withRefreshToken)
            reply["refresh_token"] = grant.RefreshToken;
        if (Switches.ReplyHasScope)
            reply["scope"] = string.Join(' ', grant.Scopes);
        reply["api_domain"] = "https://www.zohoapis.com";
        reply["token_type"] = "Bearer";
        if (Switches.ExpiresInMilliseconds)
            reply["expires_in_sec"] = Switches.TokenSeconds;
        reply["expires_in"] = Switches.ExpiresInMilliseconds ? Switches.TokenSeconds * 1000L : Switches.TokenSeconds;
        return Hosting.Answer.Json(reply);
    }

    private bool IsThrottled(Grant grant, DateTimeOffset now)
    {
        if (now < grant.BlockedUntil)
            return true;
        var window = TimeSpan.FromSeconds(Switches.ThrottleSeconds);
        while (grant.Made.TryPeek(out var first) && now - first >= window)
            grant.Made.Dequeue();
        if (grant.Made.Count >= Switches.ThrottleLimit)
        {
            // "Blocked for the rest of the window": until the first of the ten is ten minutes old.
            grant.BlockedUntil = (grant.Made.TryPeek(out var oldest) ? oldest : now) + window;
            return true;
        }

        grant.Made.Enqueue(now);
        return false;
    }

    private Answer Throttled()
    {
        var body = Switches.ThrottleLocalised
            ? new JsonObject { ["error_description"] = "您连续提出了太多请求。请稍后再试。", ["error"] = "访问被拒绝", ["status"] = "failure" }
            : new JsonObject
            {
                ["error_description"] = "You have made too many requests continuously. Please try again after some time.",
                ["error"] = "Access Denied",
                ["status"] = "failure",
            };
        return Hosting.Answer.Json(body, Switches.ThrottleStatus);
    }

    private Answer RevokeToken(string value, Exchange exchange)
    {
        if (_grants.TryGetValue(value, out var grant))
            Revoke(grant);
        else if (_tokens.TryGetValue(value, out var token))
            token.Expires = DateTimeOffset.MinValue;
        else
            return Error("invalid_token", 400);
        exchange.Changed = "token revoked";
        return Hosting.Answer.Json(new JsonObject { ["status"] = "success" });
    }

    private Answer UserInfo(Exchange exchange)
    {
        var token = Find(exchange.Credential("Zoho-oauthtoken", "Bearer") ?? "");
        if (token is null || !IsLive(token))
            return Hosting.Answer.Json(new JsonObject { ["cause"] = "INVALID_OAUTHTOKEN", ["response"] = "error" }, 401);
        exchange.TokenOrdinal = token.Ordinal;
        if (!token.Allows("AaaServer.profile.READ"))
            return Hosting.Answer.Json(new JsonObject { ["cause"] = "INVALID_OAUTHSCOPE", ["response"] = "error" }, 401);
        var name = _world.Instances[token.Grant.Portal].NameOf(token.Grant.Email).Split(' ', 2);
        return Hosting.Answer.Json(new JsonObject
        {
            ["ZUID"] = 700000000 + Math.Abs(string.GetHashCode(token.Grant.Email, StringComparison.Ordinal) % 1000000),
            ["Display_Name"] = string.Join(' ', name),
            ["First_Name"] = name[0],
            ["Last_Name"] = name[^1],
            ["Email"] = token.Grant.Email,
        });
    }

    private static void Revoke(Grant grant) => grant.Revoked = true;

    // Most of Zoho's errors come with HTTP 200.
    private static Answer Error(string error, int status = 200) => Hosting.Answer.Json(new JsonObject { ["error"] = error }, status);
}
