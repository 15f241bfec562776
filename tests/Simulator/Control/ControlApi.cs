using System.Text.Json;
using System.Text.Json.Nodes;
using Sidecar.Simulator.Hosting;

namespace Sidecar.Simulator.Control;

/// <summary>What tests and curious people may do to the simulator, over plain HTTP.</summary>
internal sealed class ControlApi(World world)
{
    public Answer Answer(Exchange exchange)
    {
        var parts = exchange.Path.Trim('/').Split('/');
        try
        {
            return (exchange.Method, parts) switch
            {
                ("GET", [""]) => Hosting.Answer.Html(ControlPage.Html(world)),
                ("GET", ["_sim", "health"]) => Ok(new { status = "ok" }),
                ("POST", ["_sim", "users"]) => AddUser(Read<UserWish>(exchange.Body)),
                ("POST", ["_sim", "users", "bulk"]) => Ok(world.AddUsers(Read<BulkWish>(exchange.Body))),
                ("POST", ["_sim", "identities"]) => Ok(world.AddIdentity()),
                ("POST", ["_sim", "clients"]) => Ok(world.AddClient(Read<ClientWish>(exchange.Body))),
                ("POST", ["_sim", "clients", var id, "codes"]) => Ok(new { code = world.AddCode(id, Read<CodeWish>(exchange.Body)) }),
                ("GET", ["_sim", "tokens", "refresh"]) => Ok(RefreshTokens()),
                ("POST", ["_sim", "entra", "tokens"]) => MakeUserToken(Read<EntraTokenWish>(exchange.Body)),
                ("GET", ["_sim", "entra", "keys"]) => Ok(new { tenant_id = world.Entra.TenantId, keys = world.Entra.KeyIds }),
                ("POST", ["_sim", "entra", "keys"]) => Ok(new { kid = world.Entra.AddKey() }),
                ("DELETE", ["_sim", "entra", "keys", var kid]) => Done(() => world.Entra.RemoveKey(kid)),
                ("PUT", ["_sim", "vault", "secrets", var name]) => SetSecret(name, Read<SecretWish>(exchange.Body)),
                ("PATCH", ["_sim", "vault", "secrets", var name]) => ChangeSecret(name, Read<SecretChange>(exchange.Body)),
                ("GET", ["_sim", "vault", "roles"]) => Ok(world.Vault.Roles),
                ("PUT", ["_sim", "vault", "roles"]) => SetRoles(Read<RolesWish>(exchange.Body)),
                ("GET", ["_sim", "vault"]) => Ok(world.Vault.Switches),
                ("PATCH", ["_sim", "vault"]) => Ok(world.Vault.Switches = Patched(world.Vault.Switches, exchange.Body)),
                ("GET", ["_sim", "instances"]) => Ok(world.Instances.ToDictionary(pair => pair.Key, pair => pair.Value.Switches)),
                ("GET", ["_sim", "instances", var portal]) => Ok(InstanceNamed(portal).Switches),
                ("PATCH", ["_sim", "instances", var portal]) => PatchInstance(InstanceNamed(portal), exchange.Body),
                ("GET", ["_sim", "instances", var portal, "technicians"]) => Ok(InstanceNamed(portal).TechnicianEmails),
                ("GET", ["_sim", "accounts"]) => Ok(world.Accounts.Switches),
                ("PATCH", ["_sim", "accounts"]) => Ok(world.Accounts.Switches = Patched(world.Accounts.Switches, exchange.Body)),
                ("POST", ["_sim", "faults"]) => AddFault(Read<Fault>(exchange.Body)),
                ("GET", ["_sim", "faults"]) => Ok(world.Faults.Waiting),
                ("DELETE", ["_sim", "faults"]) => Done(world.Faults.Clear),
                ("GET", ["_sim", "journal"]) => Ok(world.Journal.Since(Since(exchange))),
                ("DELETE", ["_sim", "journal"]) => Done(world.Journal.Clear),
                ("GET", ["_sim", "outbox"]) => Ok(world.Instances.Values.SelectMany(instance => instance.Outbox)),
                ("GET", ["_sim", "clock"]) => Ok(new { now = world.Clock.GetUtcNow() }),
                ("POST", ["_sim", "clock"]) => Advance(Read<ClockWish>(exchange.Body)),
                ("POST", ["_sim", "tokens", "expire"]) => Done(world.Accounts.ExpireAccessTokens),
                ("POST", ["_sim", "tokens", "revoke"]) => Done(world.Accounts.RevokeAll),
                ("POST", ["_sim", "reset"]) => Done(world.Reset),
                _ => Failed($"There is no {exchange.Method} {exchange.Path}; GET / lists what there is.", 404),
            };
        }
        catch (Exception wrong) when (wrong is JsonException or ArgumentException or NotSupportedException or InvalidOperationException)
        {
            return Failed(wrong.Message, 400);
        }
    }

    private sealed record SecretWish
    {
        public required string Value { get; init; }
        public string? ContentType { get; init; }
        public Dictionary<string, string>? Tags { get; init; }
        public string[]? Readers { get; init; }
        public bool Enabled { get; init; } = true;
    }

    private sealed record SecretChange
    {
        public bool? Enabled { get; init; }
        public bool? Deleted { get; init; }
        public string[]? Readers { get; init; }
    }

    private sealed record RolesWish
    {
        public required string ClientId { get; init; }
        public required VaultAssignment[] Roles { get; init; }
    }

    private sealed record ClockWish
    {
        public required double AdvanceSeconds { get; init; }
    }

    private Answer AddUser(UserWish wish) =>
        wish.Portal is { } portal && world.Instances.TryGetValue(portal, out var instance) && instance.Switches.Edition == Edition.OnPrem
            ? Ok(world.AddOnPremUser(wish))
            : Ok(world.AddUser(wish));

    private Answer MakeUserToken(EntraTokenWish wish) => Ok(new
    {
        access_token = world.Entra.MakeUserToken(wish),
        tenant_id = world.Entra.TenantId,
        object_id = world.Entra.ObjectIdOf(wish.PrincipalName),
    });

    private Answer SetSecret(string name, SecretWish wish)
    {
        var version = world.Vault.SetSecret(name, wish.Value, wish.ContentType, wish.Tags, wish.Readers);
        if (!wish.Enabled)
            world.Vault.SetEnabled(name, false);
        return Ok(new { name, version = version.Id });
    }

    private Answer ChangeSecret(string name, SecretChange change)
    {
        if (change.Enabled is { } enabled)
            world.Vault.SetEnabled(name, enabled);
        if (change.Deleted is { } deleted)
            world.Vault.SetDeleted(name, deleted);
        if (change.Readers is { } readers)
            world.Vault.SetReaders(name, readers);
        return Ok(change);
    }

    private Answer SetRoles(RolesWish wish)
    {
        world.Vault.SetRoles(wish.ClientId, wish.Roles);
        return Ok(wish);
    }

    // By number, never by value: what is shown here ends in logs.
    private IEnumerable<object> RefreshTokens() => world.Accounts.RefreshTokens.GroupBy(token => token.Email).Select(group => new
    {
        email = group.Key,
        live = group.Count(token => !token.Revoked),
        tokens = group.Select(token => new { token.Ordinal, token.ClientId, token.Portal, token.Scopes, token.Revoked, token.LiveAccessTokens }),
    });

    private Instance InstanceNamed(string portal) =>
        world.Instances.TryGetValue(portal, out var instance) ? instance : throw new ArgumentException($"There is no portal '{portal}'.");

    private static Answer PatchInstance(Instance instance, string body) => Ok(instance.Switches = Patched(instance.Switches, body));

    private Answer AddFault(Fault fault)
    {
        world.Faults.Add(fault);
        return Ok(fault);
    }

    private Answer Advance(ClockWish wish)
    {
        world.Clock.Advance(TimeSpan.FromSeconds(wish.AdvanceSeconds));
        return Ok(new { now = world.Clock.GetUtcNow() });
    }

    private static Answer Done(Action action)
    {
        action();
        return Ok(new { status = "ok" });
    }

    private static long Since(Exchange exchange) => long.TryParse(exchange.Query.GetValueOrDefault("since"), out var seq) ? seq : 0;

    /// <summary>Laid over what is there; a misspelled switch is an error, not silence.</summary>
    private static T Patched<T>(T old, string body)
    {
        var merged = JsonSerializer.SerializeToNode(old, Wire.Control)!.AsObject();
        foreach (var (name, value) in JsonNode.Parse(body)?.AsObject() ?? [])
            merged[name] = value?.DeepClone();
        return merged.Deserialize<T>(Wire.Control)!;
    }

    private static T Read<T>(string body) => JsonSerializer.Deserialize<T>(body.Length == 0 ? "{}" : body, Wire.Control)!;

    private static Answer Ok<T>(T value) => Hosting.Answer.Json(JsonSerializer.SerializeToNode(value, Wire.Control)!);

    private static Answer Failed(string error, int status) => Hosting.Answer.Json(new JsonObject { ["error"] = error }, status);
}
