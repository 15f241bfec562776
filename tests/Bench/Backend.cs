using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sidecar.Sandbox.Processes;

namespace Sidecar.Bench;

/// <summary>The simulator as a process of its own, without limits on calls and tokens, with one user and a request for each caller to ask for.</summary>
internal sealed class Backend : IAsyncDisposable
{
    private const string SecretName = "sdp-bench", Unlimited = "1000000000";

    private readonly WorkFolder _folder;
    private readonly ChildProcess _process;
    private readonly JsonElement _ready;
    private readonly HttpClient _control;

    private Backend(WorkFolder folder, ChildProcess process, JsonElement ready)
    {
        _folder = folder;
        _process = process;
        _ready = ready;
        _control = new HttpClient(new SocketsHttpHandler()) { BaseAddress = Url("control_url") };
        Authority = X509CertificateLoader.LoadCertificateFromFile(CaFile);
    }

    /// <summary>The user's credential, as in the vault.</summary>
    public JsonNode Credential { get; private set; } = null!;

    /// <summary>Settings of a broker for that user.</summary>
    public Dictionary<string, string> BrokerSettings { get; private set; } = null!;

    /// <summary>
    /// Long ids of requests, so that one tool call is one call to the simulator. Each caller asks for one of its own: reads of
    /// the same request at the same moment would share a call.
    /// </summary>
    public IReadOnlyList<string> RequestIds { get; private set; } = [];

    /// <summary>Issuer of the simulator's certificates.</summary>
    public X509Certificate2 Authority { get; }

    private string CaFile => _ready.GetProperty("ca_file").GetString()!;

    public static async Task<Backend> StartAsync(CancellationToken cancellationToken)
    {
        var folder = new WorkFolder();
        var readyFile = folder.File("simulator.json");
        var process = ChildProcess.Start(
            Programs.Simulator, ["--ca-file", folder.File("ca.pem"), "--ready-file", readyFile], new Dictionary<string, string>());
        while (!File.Exists(readyFile))
        {
            if (process.HasExited) throw new InvalidOperationException($"The simulator ended at once:\n{process.Output}");
            await Task.Delay(20, cancellationToken);
        }

        using var ready = JsonDocument.Parse(await File.ReadAllTextAsync(readyFile, cancellationToken));
        var backend = new Backend(folder, process, ready.RootElement.Clone());
        await backend.PrepareAsync(cancellationToken);
        return backend;
    }

    /// <summary>Drops what the simulator has noted of earlier rounds.</summary>
    public Task ForgetAsync(CancellationToken cancellationToken) => SendAsync(HttpMethod.Delete, "/_sim/journal", null, cancellationToken);

    /// <summary>How many times the simulator has given out one of those requests since it last forgot.</summary>
    public async Task<int> ReceivedAsync(CancellationToken cancellationToken) =>
        (await SendAsync(HttpMethod.Get, "/_sim/journal", null, cancellationToken))!.AsArray().Count(
            entry => (string?)entry!["method"] == "GET" && (int?)entry["status"] == 200 && RequestIds.Contains(((string)entry["path"]!).Split("/requests/")[^1]));

    /// <summary>Puts a new credential of the same technician into the vault, and waits for the first call with a token made from it.</summary>
    /// <param name="dies">True: the old one is revoked right after that.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The time in between, by the simulator's clock.</returns>
    public async Task<TimeSpan> RotateAsync(bool dies, CancellationToken cancellationToken)
    {
        await ForgetAsync(cancellationToken);
        var next = (await SendAsync(HttpMethod.Post, "/_sim/users", "{}", cancellationToken))!["credential"]!;
        using var direct = await DirectCaller.CreateAsync(this, cancellationToken);
        var since = await NowAsync(cancellationToken);
        await StoreAsync(next, cancellationToken);
        if (dies) await direct.RevokeAsync(cancellationToken);

        Credential = next;
        while (true)
        {
            var journal = (await SendAsync(HttpMethod.Get, "/_sim/journal", null, cancellationToken))!.AsArray();
            // Nobody else calls with another token, so one that the journal does not begin with is of the new credential.
            var old = journal.FirstOrDefault(entry => entry!["token_ordinal"] is not null) is { } first ? (int)first["token_ordinal"]! : 0;
            if (journal.FirstOrDefault(entry => (string?)entry!["service"] == "sdp" && (int?)entry["token_ordinal"] > old && (int?)entry["status"] == 200) is { } found)
                return (DateTimeOffset)found["time"]! - since;
            await Task.Delay(50, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _control.Dispose();
        Authority.Dispose();
        await _process.DisposeAsync();
        _folder.Dispose();
    }

    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        var user = (await SendAsync(HttpMethod.Post, "/_sim/users", "{}", cancellationToken))!;
        Credential = user["credential"]!;
        await SendAsync(HttpMethod.Patch, $"/_sim/instances/{Credential["portal"]}", $$"""{"rate_limit":{{Unlimited}}}""", cancellationToken);
        await SendAsync(HttpMethod.Patch, "/_sim/accounts", $$"""{"throttle_limit":{{Unlimited}},"live_tokens":{{Unlimited}}}""", cancellationToken);
        await StoreAsync(Credential, cancellationToken);

        var identity = user["identity"]!;
        BrokerSettings = Sandbox.Processes.BrokerSettings.KeyVault(
            Url("vault_url"), Url("entra_url"), SecretName, (string)identity["tenant_id"]!, (string)identity["client_id"]!,
            _folder.Write("federated-token", (string)identity["federated_token"]!), CaFile);
        using var direct = await DirectCaller.CreateAsync(this, cancellationToken);
        RequestIds = await direct.RequestsAsync(cancellationToken);
    }

    private async Task<DateTimeOffset> NowAsync(CancellationToken cancellationToken) =>
        (DateTimeOffset)(await SendAsync(HttpMethod.Get, "/_sim/clock", null, cancellationToken))!["now"]!;

    private async Task StoreAsync(JsonNode credential, CancellationToken cancellationToken)
    {
        var secret = new JsonObject { ["value"] = credential.ToJsonString(), ["content_type"] = "application/vnd.sdp-sidecar.credential+json" };
        await SendAsync(HttpMethod.Put, $"/_sim/vault/secrets/{SecretName}", secret.ToJsonString(), cancellationToken);
    }

    private Uri Url(string name) => new(_ready.GetProperty(name).GetString()!);

    private async Task<JsonNode?> SendAsync(HttpMethod method, string path, string? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body, null, "application/json") };
        using var response = await _control.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<JsonNode?>(cancellationToken);
    }
}
