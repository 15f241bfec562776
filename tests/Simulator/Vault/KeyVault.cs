using Sidecar.Simulator.Hosting;

namespace Sidecar.Simulator;

/// <summary>The data plane of one Key Vault: secrets, versions, soft delete, roles.</summary>
public sealed partial class KeyVault
{
    /// <summary>The audience that its tokens must have.</summary>
    public string Resource { get; }

    private readonly World _world;
    private readonly CallWindow _calls, _creates;
    private readonly VaultAccess _access = new();
    private readonly Dictionary<string, VaultSecret> _secrets = new(StringComparer.OrdinalIgnoreCase);

    internal KeyVault(World world, string domain)
    {
        Resource = $"https://vault.{domain}";
        _world = world;
        (_calls, _creates) = (new CallWindow(world.Clock), new CallWindow(world.Clock));
    }

    internal void Reset()
    {
        _secrets.Clear();
        Switches = new VaultSwitches();
        _calls.Clear();
        _creates.Clear();
        _access.Clear();
    }

    internal Answer Answer(Exchange exchange)
    {
        if (Throttled(exchange.Method) is { } refusal)
            return refusal;
        var token = _world.Entra.Find(exchange.Credential("Bearer") ?? "");
        if (token is null || token.Audience != Resource)
            return Challenge();
        var parts = exchange.Path.Trim('/').Split('/');
        void Demand(string action) =>
            _access.Demand(token.ClientId, action, parts.ElementAtOrDefault(1), parts.Length > 1 ? _secrets.GetValueOrDefault(parts[1]) : null);
        try
        {
            switch (exchange.Method, parts)
            {
                case ("GET", ["secrets"]):
                    Demand("readMetadata");
                    return Page(exchange, _secrets.Values.Where(IsLive), secret => secret.Name, Item);
                case ("GET", ["secrets", var name, "versions"]):
                    Demand("readMetadata");
                    var listed = Live(name);
                    return Page(exchange, listed.Versions, version => version.Id, version => Bundle(listed, version, false));
                case ("GET", ["secrets", var name, .. var version]) when version.Length < 2:
                    Demand("getSecret");
                    return Get(Live(name), version.ElementAtOrDefault(0));
                case ("PUT", ["secrets", var name]):
                    Demand("setSecret");
                    return Put(name, exchange);
                case ("PATCH", ["secrets", var name, var version]):
                    Demand("update");
                    return Patch(Live(name), version, exchange);
                case ("DELETE", ["secrets", var name]):
                    Demand("delete");
                    return Delete(Live(name), exchange);
                case ("GET", ["deletedsecrets"]):
                    Demand("readMetadata");
                    return Page(exchange, _secrets.Values.Where(IsGone), secret => secret.Name, DeletedItem);
                case ("GET", ["deletedsecrets", var name]):
                    Demand("readMetadata");
                    return Hosting.Answer.Json(DeletedItem(Gone(name)));
                case ("POST", ["deletedsecrets", var name, "recover"]):
                    Demand("recover");
                    return Recover(Gone(name), exchange);
                case ("DELETE", ["deletedsecrets", var name]):
                    Demand("purge");
                    return Purge(Gone(name), exchange);
                default:
                    throw new VaultError(404, "NotFound", "The requested resource was not found.");
            }
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

    private bool IsSettled(VaultSecret secret) => _world.Clock.GetUtcNow() >= secret.SettledAt;

    private bool IsLive(VaultSecret secret) => secret.Deleted is null && IsSettled(secret);

    private bool IsGone(VaultSecret secret) => secret.Deleted is not null && IsSettled(secret);

    private VaultSecret Live(string name) => Find(name, IsLive, "secret");

    private VaultSecret Gone(string name) => Find(name, IsGone, "deleted secret");

    private VaultSecret Find(string name, Func<VaultSecret, bool> fits, string what) =>
        _secrets.TryGetValue(name, out var secret) && fits(secret)
            ? secret
            : throw new VaultError(404, "SecretNotFound", $"A {what} with (name/id) {name} was not found in this key vault.");
}
