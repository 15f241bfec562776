using System.Text.Json.Nodes;
using Sidecar.Simulator.Hosting;

namespace Sidecar.Simulator;

/// <summary>One Entra tenant: identities, each trusting one federated token, an operator's a client secret too; people, and the keys that sign their tokens.</summary>
public sealed partial class EntraTenant
{
    private const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    internal sealed record VaultToken(string ClientId, string Audience, DateTimeOffset Expires);

    private readonly World _world;
    private readonly Dictionary<string, SimulatedIdentity> _identities = [];
    private readonly Dictionary<string, VaultToken> _tokens = [];

    internal EntraTenant(World world) => _world = world;

    /// <summary>The tenant.</summary>
    public string TenantId { get; } = Guid.NewGuid().ToString();

    internal void Reset()
    {
        _identities.Clear();
        _tokens.Clear();
        _people.Clear();
        _keys.Clear();
    }

    internal SimulatedIdentity AddIdentity(string? clientId = null, string? clientSecret = null)
    {
        clientId ??= Guid.NewGuid().ToString();
        if (_identities.TryGetValue(clientId, out var known))
            return known;
        var subject = new JsonObject { ["sub"] = $"system:serviceaccount:FAKE:{clientId}", ["aud"] = "api://AzureADTokenExchange" };
        return _identities[clientId] = new SimulatedIdentity(TenantId, clientId, Fakes.Jwt(subject.ToJsonString())) { ClientSecret = clientSecret };
    }

    /// <summary>Every access token made, for tests that look for them where they must not be.</summary>
    public IReadOnlyList<string> AccessTokens
    {
        get
        {
            lock (_world.Gate)
                return [.. _tokens.Keys];
        }
    }

    internal VaultToken? Find(string value) =>
        _tokens.TryGetValue(value, out var token) && token.Expires > _world.Clock.GetUtcNow() ? token : null;

    internal Answer Answer(Exchange exchange)
    {
        var parts = exchange.Path.Trim('/').Split('/', 2);
        return (exchange.Method, parts[0], parts.Length > 1 ? parts[1] : "") switch
        {
            ("GET", "common", "discovery/instance") => Discovery(),
            ("GET", _, "v2.0/.well-known/openid-configuration") => OpenId(parts[0]),
            ("GET", _, "discovery/v2.0/keys") => Keys(parts[0]),
            ("POST", _, "oauth2/v2.0/token") => Token(parts[0], exchange),
            _ => Hosting.Answer.Html("<html><body>404</body></html>", 404),
        };
    }

    private Answer Discovery()
    {
        var authority = _world.Urls!.Entra;
        return Hosting.Answer.Json(new JsonObject
        {
            ["tenant_discovery_endpoint"] = $"{authority.OriginalString}/{TenantId}/v2.0/.well-known/openid-configuration",
            ["api-version"] = "1.1",
            ["metadata"] = new JsonArray(new JsonObject
            {
                ["preferred_network"] = authority.Authority,
                ["preferred_cache"] = authority.Authority,
                ["aliases"] = new JsonArray(authority.Authority),
            }),
        });
    }

    private Answer OpenId(string tenant)
    {
        if (NotThere(tenant) is { } refusal)
            return refusal;
        var root = $"{_world.Urls!.Entra.OriginalString}/{tenant}";
        return Hosting.Answer.Json(new JsonObject
        {
            ["token_endpoint"] = $"{root}/oauth2/v2.0/token",
            ["authorization_endpoint"] = $"{root}/oauth2/v2.0/authorize",
            ["jwks_uri"] = $"{root}/discovery/v2.0/keys",
            ["issuer"] = $"{root}/v2.0",
            ["response_types_supported"] = new JsonArray("code"),
            ["subject_types_supported"] = new JsonArray("pairwise"),
            ["id_token_signing_alg_values_supported"] = new JsonArray("RS256"),
            ["tenant_region_scope"] = "EU",
        });
    }

    private Answer Token(string tenant, Exchange exchange)
    {
        var form = exchange.Form;
        if (NotThere(tenant, "invalid_request") is { } refused)
            return refused;
        if (form.GetValueOrDefault("grant_type") != "client_credentials")
            return Error(70003, "unsupported_grant_type", "The app requested an unsupported grant type.");
        var clientId = form.GetValueOrDefault("client_id") ?? "";
        if (!_identities.TryGetValue(clientId, out var identity))
            return Error(700016, "unauthorized_client", $"Application with identifier '{clientId}' was not found in the directory.");
        if (Refusal(identity, form) is { } refusal)
            return refusal;
        var scope = form.GetValueOrDefault("scope")?.Split(' ')[0] ?? "";
        if (!scope.EndsWith("/.default", StringComparison.Ordinal))
            return Error(70011, "invalid_scope", $"The provided value for the input parameter 'scope' is not valid: '{scope}'.");

        var now = _world.Clock.GetUtcNow();
        var expires = now.AddSeconds(3600);
        var audience = scope[..^"/.default".Length].TrimEnd('/');
        var value = Fakes.Jwt(new JsonObject
        {
            ["aud"] = audience,
            ["appid"] = clientId,
            ["tid"] = TenantId,
            ["exp"] = expires.ToUnixTimeSeconds(),
        }.ToJsonString());
        _tokens[value] = new VaultToken(clientId, audience, expires);
        return Hosting.Answer.Json(new JsonObject
        {
            ["token_type"] = "Bearer",
            ["expires_in"] = 3600,
            ["ext_expires_in"] = 3600,
            ["access_token"] = value,
        });
    }

    private Answer? Refusal(SimulatedIdentity identity, IReadOnlyDictionary<string, string> form)
    {
        if (form.GetValueOrDefault("client_secret") is { } secret)
            return secret == identity.ClientSecret
                ? null
                : Error(7000215, "invalid_client", "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value.", 401);
        return form.GetValueOrDefault("client_assertion_type") == AssertionType && form.GetValueOrDefault("client_assertion") == identity.FederatedToken
            ? null
            : Error(700213, "invalid_client", "No matching federated identity record found for presented assertion subject.", 401);
    }

    private Answer Error(int code, string error, string description, int status = 400)
    {
        var trace = Guid.NewGuid().ToString();
        var time = _world.Clock.GetUtcNow().ToString("yyyy-MM-dd HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        return Hosting.Answer.Json(
            new JsonObject
            {
                ["error"] = error,
                ["error_description"] = $"AADSTS{code}: {description} Trace ID: {trace} Timestamp: {time}",
                ["error_codes"] = new JsonArray(code),
                ["timestamp"] = time,
                ["trace_id"] = trace,
                ["correlation_id"] = trace,
            },
            status);
    }
}
