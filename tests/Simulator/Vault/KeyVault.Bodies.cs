using System.Text.Json.Nodes;
using Sidecar.Simulator.Hosting;

namespace Sidecar.Simulator;

// How secrets look on the wire.
public sealed partial class KeyVault
{
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

    private Answer List(Func<VaultSecret, bool> fits, Func<VaultSecret, JsonObject> form) => Hosting.Answer.Json(new JsonObject
    {
        ["value"] = new JsonArray([.. _secrets.Values.Where(fits).Select(form)]),
        ["nextLink"] = null,
    });

    private Answer VersionList(VaultSecret secret) => Hosting.Answer.Json(new JsonObject
    {
        ["value"] = new JsonArray([.. secret.Versions.Select(version => Bundle(secret, version, false))]),
        ["nextLink"] = null,
    });

    private static JsonObject Attributes(VaultSecretVersion version)
    {
        var attributes = new JsonObject
        {
            ["enabled"] = version.Enabled,
            ["created"] = version.Created.ToUnixTimeSeconds(),
            ["updated"] = version.Updated.ToUnixTimeSeconds(),
            ["recoveryLevel"] = "Recoverable+Purgeable",
            ["recoverableDays"] = 90,
        };
        if (version.ExpiresUnixSeconds is { } expires)
            attributes["exp"] = expires;
        return attributes;
    }

    private static Dictionary<string, string> Tags(JsonObject body)
    {
        var tags = (body["tags"] as JsonObject ?? []).ToDictionary(tag => tag.Key, tag => (string?)tag.Value ?? "");
        return tags.Count <= 15 ? tags : throw new VaultError(400, "BadParameter", "A secret can have at most 15 tags.");
    }
}
