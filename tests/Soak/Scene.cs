using Sidecar.Sandbox;
using Sidecar.Sandbox.Processes;
using Sidecar.Simulator;

namespace Sidecar.Soak;

/// <summary>The simulator in this process; a broker and a shim as processes of their own, at addresses that outlive them.</summary>
internal sealed class Scene : IAsyncDisposable
{
    private const string SecretName = "sdp-soak";

    /// <summary>How long the broker waits for an answer to a write. Short, so that a hang is one of many things that happen.</summary>
    public static readonly TimeSpan WriteTimeout = TimeSpan.FromSeconds(3);

    private readonly WorkFolder _folder = new();
    private readonly Programs _programs;
    private readonly List<ChildProcess> _everyone = [];
    private readonly Lock _gate = new();
    private readonly List<(string Name, string Value)> _secrets = [];
    private readonly Dictionary<string, string> _shimSettings;
    private Dictionary<string, string> _brokerSettings = [];
    private string _brokerAddress = "";

    private Scene(SimulatorHost simulator, Programs programs)
    {
        (Simulator, _programs) = (simulator, programs);
        _shimSettings = new()
        {
            ["Shim__Access__ApiKeys__0__Name"] = "soak",
            ["Shim__Access__ApiKeys__0__Sha256"] = Key.Sha256,
            ["Shim__CallTimeout"] = "00:00:45",
        };
    }

    public SimulatorHost Simulator { get; }

    public Instance Instance => Simulator.Instances["itdesk"];

    public ApiKey Key { get; } = ApiKey.Create();

    public Uri Mcp { get; private set; } = null!;

    public string Technician { get; private set; } = "";

    public ChildProcess Broker { get; private set; } = null!;

    public ChildProcess Shim { get; private set; } = null!;

    /// <summary>How many brokers there have been: one that is new has forgotten what the old one left open.</summary>
    public int BrokerLife { get; private set; }

    /// <summary>When one of the two was started last.</summary>
    public DateTimeOffset LastStart { get; private set; }

    /// <summary>Every process there has been.</summary>
    public IReadOnlyList<ChildProcess> Everyone
    {
        get
        {
            lock (_gate) return [.. _everyone];
        }
    }

    /// <summary>Every secret there has been so far, by a name that may be shown.</summary>
    public IReadOnlyList<(string Name, string Value)> Secrets
    {
        get
        {
            lock (_gate)
            {
                return
                [
                    .. _secrets,
                    .. Simulator.Accounts.AccessTokens.Select((token, index) => ($"access token {index + 1}", token)),
                    .. Simulator.Entra.AccessTokens.Select((token, index) => ($"vault token {index + 1}", token)),
                ];
            }
        }
    }

    public static async Task<Scene> SetAsync(SoakOptions options, CancellationToken cancellationToken)
    {
        var programs = Programs.Locate(options.Binaries);
        var scene = new Scene(await SimulatorHost.StartAsync(new SimulatorOptions { Seed = options.Seed }, cancellationToken), programs);
        try
        {
            await scene.StartAsync(cancellationToken);
            return scene;
        }
        catch
        {
            await scene.DisposeAsync();
            throw;
        }
    }

    /// <summary>Puts another credential of the same technician into the vault.</summary>
    public void Rotate() => Grant();

    public async Task KillBrokerAsync(TimeSpan down, CancellationToken cancellationToken)
    {
        await KillAsync(Broker, down, cancellationToken);
        await StartBrokerAsync(cancellationToken);
    }

    public async Task KillShimAsync(TimeSpan down, CancellationToken cancellationToken)
    {
        await KillAsync(Shim, down, cancellationToken);
        await StartShimAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (Shim is not null) await Shim.DisposeAsync();
        if (Broker is not null) await Broker.DisposeAsync();
        foreach (var process in Everyone.Where(process => process != Shim && process != Broker)) await process.DisposeAsync();
        await Simulator.DisposeAsync();
        _folder.Dispose();
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        // Limits of calls would end the load; they come as faults, one at a time. Each broker that is killed costs the
        // next one a token, and the simulator counts them for all.
        Instance.Switches = new InstanceSwitches { RateLimit = int.MaxValue };
        Simulator.Accounts.Switches = new AccountsSwitches { ThrottleLimit = 200 };
        var user = Grant();
        Technician = user.TechnicianEmail;
        _secrets.AddRange([("federated token", user.Identity.FederatedToken), ("API key", Key.Value)]);
        _brokerSettings = BrokerSettings.KeyVault(
            Simulator.VaultUrl, Simulator.EntraUrl, SecretName, user.Identity.TenantId, user.Identity.ClientId,
            _folder.Write("federated-token", user.Identity.FederatedToken), _folder.Write("ca.pem", Simulator.CaPem));
        _brokerSettings["Credential__RefreshInterval"] = "00:00:05";
        _brokerSettings["Sdp__ReadTimeout"] = "00:00:02";
        _brokerSettings["Sdp__WriteTimeout"] = $"{WriteTimeout:c}";
        await StartBrokerAsync(cancellationToken);
        await StartShimAsync(cancellationToken);
    }

    private SimulatedUser Grant()
    {
        var user = Simulator.AddUser();
        lock (_gate) _secrets.AddRange([("client secret", user.Credential.ClientSecret), ("refresh token", user.Credential.RefreshToken)]);
        Simulator.Vault.SetSecret(SecretName, user.Credential.ToJson(), SimulatedCredential.ContentType);
        return user;
    }

    private async Task StartBrokerAsync(CancellationToken cancellationToken)
    {
        (Broker, _brokerAddress) = await Pair.StartBrokerAsync(_programs, _brokerSettings, cancellationToken);
        _brokerSettings["Broker__Listen"] = _brokerAddress;
        BrokerLife++;
        Started(Broker);
    }

    private async Task StartShimAsync(CancellationToken cancellationToken)
    {
        (Shim, Mcp) = await Pair.StartShimAsync(_programs, _brokerAddress, _shimSettings, cancellationToken);
        _shimSettings["Shim__Listen"] = Mcp.GetLeftPart(UriPartial.Authority);
        Started(Shim);
    }

    private void Started(ChildProcess process)
    {
        lock (_gate) _everyone.Add(process);
        LastStart = TimeProvider.System.GetUtcNow();
    }

    private static async Task KillAsync(ChildProcess process, TimeSpan down, CancellationToken cancellationToken)
    {
        if (process.HasExited) throw new InvalidOperationException($"{process.Name} has ended by itself:\n{process.Output}");
        process.Kill();
        await process.WaitForExitAsync(TimeSpan.FromSeconds(10));
        await Task.Delay(down, cancellationToken);
    }
}
