using System.Text.Json.Nodes;
using Sidecar.Simulator.Accounts;
using Sidecar.Simulator.Hosting;

namespace Sidecar.Simulator;

// The token endpoint: codes and refresh tokens in, access tokens out.
public sealed partial class ZohoAccounts
{
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
                if (code.RedirectUri is { } redirect && parameter("redirect_uri") != redirect)
                    return Error("invalid_code");
                if (code.Challenge?.Fits(parameter("code_verifier")) == false)
                    return Error("invalid_code");
                return Exchanged(code, exchange);
            case "client_credentials":
                return Error("invalid_scope");
            default:
                return Error("unsupported_grant_type");
        }
    }

    private Answer Exchanged(GrantCode code, Exchange exchange)
    {
        if (!code.Offline)
            return Make(new Grant(code.Client, code.Email, code.Scopes, null, 0), false, exchange);
        if (Window(_grantsMade, (code.Client, code.Email)).Enter(Switches.RefreshTokenLimit, TimeSpan.FromSeconds(Switches.RefreshTokenSeconds)) is not null)
            return Throttled();
        return Make(AddGrant(code.Client, code.Email, code.Scopes), true, exchange);
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
        exchange.Changed = withRefreshToken ? $"refresh token {grant.Ordinal}, access token {token.Ordinal}" : $"access token {token.Ordinal}";

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

    private CallWindow Window<TKey>(Dictionary<TKey, CallWindow> windows, TKey key)
        where TKey : notnull =>
        windows.TryGetValue(key, out var window) ? window : windows[key] = new CallWindow(_world.Clock);
}
