using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sidecar.Simulator.Hosting;

namespace Sidecar.Simulator;

/// <summary>The data plane of one Key Vault: secrets, versions, soft delete.</summary>
public sealed partial class KeyVault
{
    /// <summary>The audience that its tokens must have.</summary>
    public const string Resource = "https://vault.localhost";

    private readonly World _world;
    private readonly CallWindow _calls, _creates;
    private readonly Dictionary<string, VaultSecret> _secrets = new(StringComparer.OrdinalIgnoreCase);

    internal KeyVault(World world)
    {
        _world = world;
        (_calls, _creates) = (new CallWindow(world.Clock), new CallWindow(world.Clock));
    }

    internal void Reset()
    {
        _secrets.Clear();
        Switches = new VaultSwitches();
        _calls.Clear();
        _creates.Clear();
    }

    internal Answer Answer(Exchange exchange)
    {
        if (Throttled(exchange.Method) is { } refusal)
            return refusal;
        var token = _world.Entra.Find(exchange.Credential("Bearer") ?? "");
        if (token is null || token.Audience != Resource)
            return Challenge();
        var parts = exchange.Path.Trim('/').Split('/');
        try
        {
            return (exchange.Method, parts) switch
            {
                ("GET", ["secrets"]) => List(secret => secret.Deleted is null, Item),
                ("GET", ["secrets", var name, "versions"]) => VersionList(Live(name, token.ClientId)),
                ("GET", ["secrets", var name]) => Get(Live(name, token.ClientId), null),
                ("GET", ["secrets", var name, var version]) => Get(Live(name, token.ClientId), version),
                ("PUT", ["secrets", var name]) => Put(name, token.ClientId, exchange),
                ("PATCH", ["secrets", var name, var version]) => Patch(Live(name, token.ClientId), version, exchange),
                ("DELETE", ["secrets", var name]) => Delete(Live(name, token.ClientId), exchange),
                ("GET", ["deletedsecrets"]) => List(secret => secret.Deleted is not null, DeletedItem),
                ("GET", ["deletedsecrets", var name]) => Hosting.Answer.Json(DeletedItem(Gone(name, token.ClientId))),
                ("POST", ["deletedsecrets", var name, "recover"]) => Recover(Gone(name, token.ClientId), exchange),
                ("DELETE", ["deletedsecrets", var name]) => Purge(Gone(name, token.ClientId), exchange),
                _ => throw new VaultError(404, "NotFound", "The requested resource was not found."),
            };
        }
        catch (VaultError error)
        {
            return error.Answer;
        }
        catch (Exception odd) when (odd is System.Text.Json.JsonException or InvalidOperationException)
        {
            return new VaultError(400, "BadParameter", "The request body is not JSON.").Answer;
        }
    }

    private Answer? Throttled(string method)
    {
        var (window, limit) = method == "PUT" ? (_creates, Switches.CreateLimit) : (_calls, Switches.CallLimit);
        if (window.Enter(limit, TimeSpan.FromSeconds(Switches.LimitSeconds)) is not { } wait)
            return null;
        var refusal = VaultError.Body(
            429, "Throttled", "Request was not processed because too many requests were received. Reason: VaultRequestTypeLimitReached");
        return Switches.RetryAfter ? refusal.With("Retry-After", $"{Math.Ceiling(wait.TotalSeconds):0}") : refusal;
    }

    private Answer Challenge() => VaultError.Body(401, "Unauthorized", "AKV10000: Request is missing a Bearer or PoP token.").With(
        "WWW-Authenticate",
        $"Bearer authorization=\"{_world.Urls!.Entra.OriginalString}/{_world.Entra.TenantId}\", resource=\"{Resource}\"");

    private VaultSecret Live(string name, string clientId) => Permitted(Find(name, secret => secret.Deleted is null, "secret"), clientId);

    private VaultSecret Gone(string name, string clientId) => Permitted(Find(name, secret => secret.Deleted is not null, "deleted secret"), clientId);

    private VaultSecret Find(string name, Func<VaultSecret, bool> fits, string what) =>
        _secrets.TryGetValue(name, out var secret) && fits(secret)
            ? secret
            : throw new VaultError(404, "SecretNotFound", $"A {what} with (name/id) {name} was not found in this key vault.");

    private static VaultSecret Permitted(VaultSecret secret, string clientId) =>
        secret.Readers?.Contains(clientId) != false
            ? secret
            : throw new VaultError(403, "Forbidden", $"Caller is not authorized to perform action on resource. Caller: appid={clientId}", "ForbiddenByRbac");

    private Answer Get(VaultSecret secret, string? version)
    {
        var found = Version(secret, version);
        if (!found.Enabled)
            throw new VaultError(403, "Forbidden", "Operation get is not allowed on a disabled secret.", "SecretDisabled");
        return Hosting.Answer.Json(Bundle(secret, found, true));
    }

    private static VaultSecretVersion Version(VaultSecret secret, string? version) =>
        string.IsNullOrEmpty(version)
            ? secret.Versions[^1]
            : secret.Versions.Find(one => one.Id == version)
              ?? throw new VaultError(404, "SecretNotFound", $"A secret with (name/id) {secret.Name}/{version} was not found in this key vault.");

    private Answer Put(string name, string clientId, Exchange exchange)
    {
        if (!NamePattern().IsMatch(name))
            throw new VaultError(400, "BadParameter", $"The request URI contains an invalid name: {name}");
        var body = exchange.JsonBody();
        if ((string?)body["value"] is not { } value)
            throw new VaultError(400, "BadParameter", "Property 'value' is required.");
        if (System.Text.Encoding.UTF8.GetByteCount(value) > 25 * 1024)
            throw new VaultError(400, "BadParameter", "The secret value exceeds the maximum length of 25 KB.");
        if (_secrets.TryGetValue(name, out var secret))
        {
            if (secret.Deleted is not null)
                throw new VaultError(409, "Conflict", $"Secret {name} is currently in a deleted but recoverable state, and its name cannot be reused.", "ObjectIsDeletedButRecoverable");
            Permitted(secret, clientId);
        }
        else
        {
            secret = _secrets[name] = new VaultSecret(name);
        }

        var attributes = body["attributes"] as JsonObject;
        var added = Add(secret, value, (string?)body["contentType"], Tags(body), (bool?)attributes?["enabled"] ?? true, (long?)attributes?["exp"]);
        exchange.Changed = $"secrets/{name}/{added.Id}";
        return Hosting.Answer.Json(Bundle(secret, added, true));
    }

    private Answer Patch(VaultSecret secret, string version, Exchange exchange)
    {
        var body = exchange.JsonBody();
        var at = secret.Versions.IndexOf(Version(secret, version));
        var old = secret.Versions[at];
        var attributes = body["attributes"] as JsonObject;
        secret.Versions[at] = old with
        {
            ContentType = (string?)body["contentType"] ?? old.ContentType,
            Tags = body.ContainsKey("tags") ? Tags(body) : old.Tags,
            Enabled = (bool?)attributes?["enabled"] ?? old.Enabled,
            ExpiresUnixSeconds = (long?)attributes?["exp"] ?? old.ExpiresUnixSeconds,
            Updated = _world.Clock.GetUtcNow(),
        };
        exchange.Changed = $"secrets/{secret.Name}/{version}";
        return Hosting.Answer.Json(Bundle(secret, secret.Versions[at], false));
    }

    private Answer Delete(VaultSecret secret, Exchange exchange)
    {
        secret.Deleted = _world.Clock.GetUtcNow();
        exchange.Changed = $"secrets/{secret.Name}";
        return Hosting.Answer.Json(DeletedItem(secret));
    }

    private Answer Recover(VaultSecret secret, Exchange exchange)
    {
        secret.Deleted = null;
        exchange.Changed = $"secrets/{secret.Name}";
        return Hosting.Answer.Json(Bundle(secret, secret.Versions[^1], false));
    }

    private Answer Purge(VaultSecret secret, Exchange exchange)
    {
        if (Switches.PurgeProtected)
            throw new VaultError(403, "Forbidden", "Operation purge is not allowed.", "ForbiddenByPolicy");
        _secrets.Remove(secret.Name);
        exchange.Changed = $"secrets/{secret.Name}";
        return Hosting.Answer.Empty(204);
    }

    private VaultSecretVersion Add(
        VaultSecret secret, string value, string? contentType, IReadOnlyDictionary<string, string>? tags, bool enabled, long? expires)
    {
        var now = _world.Clock.GetUtcNow();
        var version = new VaultSecretVersion
        {
            Id = Fakes.Hex(16),
            Value = value,
            ContentType = contentType,
            Tags = tags ?? new Dictionary<string, string>(),
            Enabled = enabled,
            ExpiresUnixSeconds = expires,
            Created = now,
            Updated = now,
        };
        secret.Versions.Add(version);
        return version;
    }

    [GeneratedRegex("^[0-9a-zA-Z-]{1,127}$")]
    private static partial Regex NamePattern();
}
