using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sidecar.Simulator.Hosting;

namespace Sidecar.Simulator;

// What can be done to one secret.
public sealed partial class KeyVault
{
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

    private Answer Put(string name, Exchange exchange)
    {
        if (!NamePattern().IsMatch(name))
            throw new VaultError(400, "BadParameter", $"The request URI contains an invalid name: {name}");
        var body = exchange.JsonBody();
        if ((string?)body["value"] is not { } value)
            throw new VaultError(400, "BadParameter", "Property 'value' is required.");
        if (System.Text.Encoding.UTF8.GetByteCount(value) > 25 * 1024)
            throw new VaultError(400, "BadParameter", "The secret value exceeds the maximum length of 25 KB.");
        var (contentType, tags) = (ContentType(body), Tags(body));
        if (!_secrets.TryGetValue(name, out var secret))
            // With roles given out, a new secret is nobody's who has none.
            secret = _secrets[name] = new VaultSecret(name) { Readers = _access.IsDeclared ? [] : null };
        else if (!IsLive(secret))
            throw Taken(secret);

        var attributes = body["attributes"] as JsonObject;
        var added = Add(secret, value, contentType, tags, (bool?)attributes?["enabled"] ?? true, (long?)attributes?["exp"]);
        exchange.Changed = $"secrets/{name}/{added.Id}";
        return Hosting.Answer.Json(Bundle(secret, added, true));
    }

    private VaultError Taken(VaultSecret secret) => (secret.Deleted is not null, IsSettled(secret)) switch
    {
        (true, true) => new(409, "Conflict", $"Secret {secret.Name} is currently in a deleted but recoverable state, and its name cannot be reused.", "ObjectIsDeletedButRecoverable"),
        (true, false) => new(409, "Conflict", $"Secret {secret.Name} is currently being deleted and cannot be re-created; retry later.", "ObjectIsBeingDeleted"),
        _ => new(409, "Conflict", $"Secret {secret.Name} is currently being recovered; retry later.", "ObjectIsBeingRecovered"),
    };

    private Answer Patch(VaultSecret secret, string version, Exchange exchange)
    {
        var body = exchange.JsonBody();
        var at = secret.Versions.IndexOf(Version(secret, version));
        var old = secret.Versions[at];
        var attributes = body["attributes"] as JsonObject;
        secret.Versions[at] = old with
        {
            ContentType = ContentType(body) ?? old.ContentType,
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
        secret.SettledAt = secret.Deleted.Value.AddMilliseconds(Switches.DeleteMilliseconds);
        exchange.Changed = $"secrets/{secret.Name}";
        return Hosting.Answer.Json(DeletedItem(secret));
    }

    private Answer Recover(VaultSecret secret, Exchange exchange)
    {
        secret.Deleted = null;
        secret.SettledAt = _world.Clock.GetUtcNow().AddMilliseconds(Switches.RecoverMilliseconds);
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
