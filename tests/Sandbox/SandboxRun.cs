using System.Text.Json.Nodes;
using Sidecar.Sandbox.Processes;

namespace Sidecar.Sandbox;

/// <summary>Simulator, broker and shim, up and connected, for one simulated user.</summary>
internal sealed class SandboxRun : IAsyncDisposable
{
    private const string SecretName = "sdp-sandbox";
    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromSeconds(30);

    private readonly WorkFolder _folder = new();
    private readonly List<IAsyncDisposable> _started = [];

    public ApiKey Key { get; } = ApiKey.Create();

    public string Technician { get; private set; } = "";

    public Uri Mcp { get; private set; } = null!;

    public string BrokerAddress { get; private set; } = "";

    public Uri SimulatorUrl { get; private set; } = null!;

    public IReadOnlyList<ChildProcess> Processes { get; private set; } = [];

    public static async Task<SandboxRun> StartAsync(SandboxOptions options, CancellationToken cancellationToken)
    {
        var run = new SandboxRun();
        try
        {
            await run.StartAllAsync(options, cancellationToken);
            return run;
        }
        catch
        {
            await run.DisposeAsync();
            throw;
        }
    }

    /// <summary>The ready file's content.</summary>
    public JsonObject Describe() => new()
    {
        ["mcp_url"] = Mcp.OriginalString,
        ["api_key"] = Key.Value,
        ["broker"] = BrokerAddress,
        ["simulator_url"] = SimulatorUrl.OriginalString,
        ["pids"] = new JsonObject(Processes.Select(process => KeyValuePair.Create(process.Name, (JsonNode?)process.Id))),
    };

    public async ValueTask DisposeAsync()
    {
        // The shim first, then the broker: calls in flight can finish.
        for (var last = _started.Count - 1; last >= 0; last--) await _started[last].DisposeAsync();
        _folder.Dispose();
    }

    private async Task StartAllAsync(SandboxOptions options, CancellationToken cancellationToken)
    {
        var programs = Programs.Locate(options.Binaries);
        var simulator = Keep(await SimulatorProcess.StartAsync(_folder, options.Seed, cancellationToken));
        SimulatorUrl = simulator.ControlUrl;
        var user = await simulator.AddUserAsync(SecretName, cancellationToken);
        Technician = (string)user["technician_email"]!;

        var identity = user["identity"]!;
        var settings = BrokerSettings.KeyVault(
            simulator.VaultUrl, simulator.EntraUrl, SecretName, (string)identity["tenant_id"]!, (string)identity["client_id"]!,
            _folder.Write("federated-token", (string)identity["federated_token"]!), simulator.CaFile);
        settings["Broker__Listen"] = $"http://127.0.0.1:{options.BrokerPort}";
        var (broker, address) = await Pair.StartBrokerAsync(programs, settings, cancellationToken);
        Keep(broker);
        BrokerAddress = address;

        var (shim, mcp) = await Pair.StartShimAsync(programs, address, new Dictionary<string, string>
        {
            ["Shim__Listen"] = $"http://127.0.0.1:{options.Port}",
            ["Shim__Access__ApiKeys__0__Name"] = "sandbox",
            ["Shim__Access__ApiKeys__0__Sha256"] = Key.Sha256,
        }, cancellationToken);
        Keep(shim);
        Mcp = mcp;
        Processes = [simulator.Process, broker, shim];
        await WaitUntilReadyAsync(cancellationToken);
    }

    private async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        using var client = new HttpClient(new SocketsHttpHandler());
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        end.CancelAfter(ReadyTimeout);
        while (true)
        {
            using var response = await client.GetAsync(new Uri(Mcp, "/readyz"), end.Token);
            if (response.IsSuccessStatusCode) return;
            await Task.Delay(20, end.Token);
        }
    }

    private T Keep<T>(T started) where T : IAsyncDisposable
    {
        _started.Add(started);
        return started;
    }
}
