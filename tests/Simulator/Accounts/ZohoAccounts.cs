using System.Text.Json.Nodes;
using Sidecar.Simulator.Accounts;
using Sidecar.Simulator.Hosting;

namespace Sidecar.Simulator;

/// <summary>Zoho accounts: clients, consent, grants, tokens, and the limits on making them.</summary>
public sealed partial class ZohoAccounts
{
    private readonly World _world;
    private readonly ConsentDesk _consent;
    private readonly Dictionary<string, ZohoClient> _clients = [];
    private readonly Dictionary<string, Grant> _grants = [];
    private readonly Dictionary<string, GrantCode> _codes = [];
    private readonly Dictionary<string, AccessToken> _tokens = [];
    private readonly Dictionary<ZohoClient, CallWindow> _codesMade = [];
    private readonly Dictionary<(ZohoClient, string), CallWindow> _grantsMade = [];
    private int _ordinal;

    internal ZohoAccounts(World world) => (_world, _consent) = (world, new ConsentDesk(world, this));

    /// <summary>How it behaves.</summary>
    public AccountsSwitches Switches { get; set; } = new();

    internal void Reset()
    {
        _clients.Clear();
        _grants.Clear();
        _codes.Clear();
        _tokens.Clear();
        _codesMade.Clear();
        _grantsMade.Clear();
        _consent.Clear();
        Switches = new();
    }

    internal ZohoClient? Client(string id) => _clients.GetValueOrDefault(id);

    internal AccessToken? Find(string value) => _tokens.GetValueOrDefault(value);

    internal bool IsLive(AccessToken token) => !token.Grant.Revoked && token.Expires > _world.Clock.GetUtcNow();

    internal Answer Answer(Exchange exchange) => (exchange.Method, exchange.Path) switch
    {
        ("GET", "/oauth/v2/auth") => _consent.Ask(name => exchange.Query.GetValueOrDefault(name) ?? ""),
        ("POST", ConsentDesk.Decided) => _consent.Decide(exchange),
        ("POST", "/oauth/v2/token") => Token(name => Parameter(exchange, name), exchange),
        ("POST", "/oauth/v2/token/revoke") when Switches.RevokePath == RevokePath.TokenRevoke => RevokeToken(exchange),
        ("POST", "/oauth/v2/revoke/token") when Switches.RevokePath == RevokePath.RevokeToken => RevokeToken(exchange),
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

    private Answer RevokeToken(Exchange exchange)
    {
        var value = Parameter(exchange, "token");
        if (_grants.TryGetValue(value, out var grant) && !grant.Revoked)
        {
            grant.Revoked = true;
            exchange.Changed = $"refresh token {grant.Ordinal} revoked";
        }
        else if (_tokens.TryGetValue(value, out var token) && IsLive(token))
        {
            token.Expires = DateTimeOffset.MinValue;
            exchange.Changed = $"access token {token.Ordinal} revoked";
        }
        else
        {
            return Error("invalid_token", 400);
        }

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

    // Most of Zoho's errors come with HTTP 200.
    private static Answer Error(string error, int status = 200) => Hosting.Answer.Json(new JsonObject { ["error"] = error }, status);
}
