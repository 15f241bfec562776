using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sidecar.Sandbox.Processes;

namespace Sidecar.Sandbox;

/// <summary>The simulator as a process of its own, driven through its control API.</summary>
internal sealed class SimulatorProcess(ChildProcess process, JsonElement ready) : IAsyncDisposable
{
    private readonly HttpClient _control = new(new SocketsHttpHandler()) { BaseAddress = new Uri(ready.GetProperty("control_url").GetString()!) };

    public ChildProcess Process => process;

    public Uri ControlUrl => _control.BaseAddress!;

    public Uri VaultUrl => new(ready.GetProperty("vault_url").GetString()!);

    public Uri EntraUrl => new(ready.GetProperty("entra_url").GetString()!);

    public Uri AccountsUrl => new(ready.GetProperty("accounts_url").GetString()!);

    public Uri SdpUrl => new(ready.GetProperty("sdp_url").GetString()!);

    public string CaFile => ready.GetProperty("ca_file").GetString()!;

    public static async Task<SimulatorProcess> StartAsync(WorkFolder folder, int seed, CancellationToken cancellationToken)
    {
        var readyFile = folder.File("simulator.json");
        var process = ChildProcess.Start(
            Programs.Simulator, ["--ca-file", folder.File("ca.pem"), "--ready-file", readyFile, "--seed", $"{seed}"], new Dictionary<string, string>());
        try
        {
            while (!File.Exists(readyFile))
            {
                if (process.HasExited) throw new InvalidOperationException($"The simulator ended at once:\n{process.Output}");
                await Task.Delay(20, cancellationToken);
            }

            using var document = JsonDocument.Parse(await File.ReadAllTextAsync(readyFile, cancellationToken));
            return new SimulatorProcess(process, document.RootElement.Clone());
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Adds a user whose credential lies in the vault under the given name.</summary>
    public async Task<JsonObject> AddUserAsync(string secretName, CancellationToken cancellationToken)
    {
        var user = await SendAsync(HttpMethod.Post, "/_sim/users", [], cancellationToken);
        var secret = new JsonObject
        {
            ["value"] = user["credential"]!.ToJsonString(),
            ["content_type"] = "application/vnd.sdp-sidecar.credential+json",
        };
        await SendAsync(HttpMethod.Put, $"/_sim/vault/secrets/{secretName}", secret, cancellationToken);
        return user;
    }

    /// <summary>Asks the control API for something new.</summary>
    public Task<JsonObject> PostAsync(string path, JsonObject body, CancellationToken cancellationToken) => SendAsync(HttpMethod.Post, path, body, cancellationToken);

    /// <summary>Tells the control API how something is to be.</summary>
    public Task<JsonObject> PutAsync(string path, JsonObject body, CancellationToken cancellationToken) => SendAsync(HttpMethod.Put, path, body, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _control.Dispose();
        await process.DisposeAsync();
    }

    private async Task<JsonObject> SendAsync(HttpMethod method, string path, JsonObject body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) };
        using var response = await _control.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        return text.Length > 0 ? JsonNode.Parse(text)!.AsObject() : [];
    }
}
