using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Sidecar.Simulator.Hosting;

namespace Sidecar.Simulator;

// How secrets look on the wire.
public sealed partial class KeyVault
{
    private const int PageSize = 25;

    private string IdOf(VaultSecret secret) => $"{_world.Urls!.Vault.OriginalString}/secrets/{secret.Name}";

    private JsonObject Bundle(VaultSecret secret, VaultSecretVersion version, bool withValue)
    {
        var bundle = new JsonObject();
        if (withValue)
            bundle["value"] = version.Value;
        if (version.ContentType is not null)
            bundle["contentType"] = version.ContentType;
        bundle["id"] = $"{IdOf(secret)}/{version.Id}";
        bundle["attributes"] = Attributes(version);
        if (version.Tags.Count > 0)
            bundle["tags"] = new JsonObject(version.Tags.Select(tag => KeyValuePair.Create(tag.Key, (JsonNode?)tag.Value)));
        return bundle;
    }

    private JsonObject Item(VaultSecret secret)
    {
        var item = Bundle(secret, secret.Versions[^1], false);
        item["id"] = IdOf(secret);
        return item;
    }

    private JsonObject DeletedItem(VaultSecret secret)
    {
        var item = Bundle(secret, secret.Versions[^1], false);
        var deleted = secret.Deleted ?? _world.Clock.GetUtcNow();
        item["recoveryId"] = $"{_world.Urls!.Vault.OriginalString}/deletedsecrets/{secret.Name}";
        item["deletedDate"] = deleted.ToUnixTimeSeconds();
        item["scheduledPurgeDate"] = deleted.AddDays(90).ToUnixTimeSeconds();
        return item;
    }

    /// <summary>One page. Ordered by name, versions by their random id: a vault promises no order either.</summary>
    /// <param name="exchange">Asks for at most <c>maxresults</c>, after <c>$skiptoken</c>.</param>
    /// <param name="all">What there is.</param>
    /// <param name="key">What it is ordered by; a page begins after the key that the one before ended with.</param>
    /// <param name="form">How it looks in the list.</param>
    private Answer Page<T>(Exchange exchange, IEnumerable<T> all, Func<T, string> key, Func<T, JsonObject> form)
    {
        var asked = exchange.Query.GetValueOrDefault("maxresults") ?? $"{PageSize}";
        if (!int.TryParse(asked, CultureInfo.InvariantCulture, out var most) || most is < 1 or > PageSize)
            throw new VaultError(400, "BadParameter", $"Invalid maxresults value. It must be between 1 and {PageSize}.");
        var after = After(exchange.Query.GetValueOrDefault("$skiptoken"));
        var rest = all
            .Where(one => after is null || StringComparer.OrdinalIgnoreCase.Compare(key(one), after) > 0)
            .OrderBy(key, StringComparer.OrdinalIgnoreCase)
            .Take(most + 1)
            .ToList();
        var page = rest.Take(most).ToList();
        string? next = null;
        if (rest.Count > most)
        {
            var token = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(key(page[^1])));
            var version = Uri.EscapeDataString(exchange.Query.GetValueOrDefault("api-version") ?? "");
            next = $"{_world.Urls!.Vault.OriginalString}/{exchange.Path.Trim('/')}?api-version={version}&$skiptoken={token}&maxresults={most}";
        }

        return Hosting.Answer.Json(new JsonObject { ["value"] = new JsonArray([.. page.Select(form)]), ["nextLink"] = next });
    }

    private static string? After(string? token)
    {
        if (token is null)
            return null;
        return Base64Url.IsValid(token)
            ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token))
            : throw new VaultError(400, "BadParameter", "Invalid $skiptoken value.");
    }

    private JsonObject Attributes(VaultSecretVersion version)
    {
        var attributes = new JsonObject
        {
            ["enabled"] = version.Enabled,
            ["created"] = version.Created.ToUnixTimeSeconds(),
            ["updated"] = version.Updated.ToUnixTimeSeconds(),
            ["recoveryLevel"] = Switches.PurgeProtected ? "Recoverable" : "Recoverable+Purgeable",
            ["recoverableDays"] = 90,
        };
        if (version.ExpiresUnixSeconds is { } expires)
            attributes["exp"] = expires;
        return attributes;
    }

    private static Dictionary<string, string> Tags(JsonObject body)
    {
        var tags = (body["tags"] as JsonObject ?? []).ToDictionary(tag => tag.Key, tag => (string?)tag.Value ?? "");
        if (tags.Count > 15)
            throw new VaultError(400, "BadParameter", "A secret can have at most 15 tags.");
        return tags.All(tag => tag.Key.Length <= 256 && tag.Value.Length <= 256)
            ? tags
            : throw new VaultError(400, "BadParameter", "The name and the value of a tag have at most 256 characters.");
    }

    private static string? ContentType(JsonObject body) => (string?)body["contentType"] is not { Length: > 255 } type
        ? (string?)body["contentType"]
        : throw new VaultError(400, "BadParameter", $"The content type has {type.Length} characters, at most 255 are allowed.");
}
