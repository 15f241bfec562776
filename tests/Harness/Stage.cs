using Microsoft.Extensions.Configuration;
using Sidecar.Sandbox.Processes;
using Sidecar.Simulator;

namespace Sidecar.Tests.Harness;

/// <summary>
/// A simulator in this process, and around it brokers and shims as processes: the built ones, or with SIDECAR_BINARIES
/// those published there.
/// </summary>
public sealed class Stage : IAsyncDisposable
{
    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromSeconds(60);

    private readonly List<IAsyncDisposable> _started = [];
    private int _files;

    private Stage(SimulatorHost simulator)
    {
        Simulator = simulator;
        CaFile = Folder.Write("ca.pem", simulator.CaPem);
    }

    private static readonly IConfiguration Surroundings = new ConfigurationBuilder().AddEnvironmentVariables("SIDECAR_").Build();
    private static readonly string? Binaries = Surroundings["BINARIES"];

    /// <summary>Folder for pictures of pages, to be looked at; null: none are kept.</summary>
    public static string? Pictures => Surroundings["PICTURES"];

    /// <summary>True if the programs are the published ones.</summary>
    public static bool IsPublished => Binaries is not null;

    public static Programs Programs { get; } = Programs.Locate(Binaries);

    public SimulatorHost Simulator { get; }

    public WorkFolder Folder { get; } = new();

    public string CaFile { get; }

    public Instance Instance => Simulator.Instances["itdesk"];

    public List<ChildProcess> Processes { get; } = [];

    /// <summary>Everything the processes have written.</summary>
    public string Output => string.Join('\n', Processes.Select(process => process.Output));

    public static async Task<Stage> SetAsync() =>
        new(await SimulatorHost.StartAsync(new SimulatorOptions(), TestContext.Current.CancellationToken));

    /// <summary>Settings of a broker whose user's credential lies in the vault.</summary>
    public Dictionary<string, string> VaultSettings(SimulatedUser user, string secretName) => VaultSettings(user.Credential.ToJson(), user.Identity, secretName);

    /// <summary>The same for a technician of the instance on premises.</summary>
    public Dictionary<string, string> VaultSettings(SimulatedOnPremUser user, string secretName) => VaultSettings(user.Credential.ToJson(), user.Identity, secretName);

    /// <summary>Settings of a broker whose user's credential lies in a file.</summary>
    public Dictionary<string, string> FileSettings(SimulatedUser user) =>
        BrokerSettings.File(Folder.Write($"credential-{++_files}.json", user.Credential.ToJson()), CaFile);

    /// <summary>The same for a technician of the instance on premises.</summary>
    public Dictionary<string, string> FileSettings(SimulatedOnPremUser user) =>
        BrokerSettings.File(Folder.Write($"credential-{++_files}.json", user.Credential.ToJson()), CaFile);

    public async Task<RunningBroker> StartBrokerAsync(Dictionary<string, string> settings, bool ready = true, Programs? programs = null)
    {
        var (process, address) = await Pair.StartBrokerAsync(programs ?? Programs, settings, TestContext.Current.CancellationToken);
        Processes.Add(process);
        var broker = Keep(new RunningBroker(process, address));
        if (ready) await broker.WaitUntilReadyAsync(ReadyTimeout);
        return broker;
    }

    public async Task<RunningShim> StartShimAsync(RunningBroker broker, Dictionary<string, string>? settings = null)
    {
        var (process, mcp) = await Pair.StartShimAsync(Programs, broker.Address, settings ?? [], TestContext.Current.CancellationToken);
        Processes.Add(process);
        return Keep(new RunningShim(process, mcp));
    }

    /// <summary>Runs a program to its end.</summary>
    public async Task<(int ExitCode, string Output)> RunAsync(string program, string[] arguments, Dictionary<string, string> settings)
    {
        var process = Keep(ChildProcess.Start(program, arguments, settings));
        Processes.Add(process);
        var exitCode = await process.WaitForExitAsync(ReadyTimeout);
        return (exitCode, process.Output);
    }

    /// <summary>Calls that changed data at the simulated instance since an entry of the journal.</summary>
    public IReadOnlyList<JournalEntry> Changes(long since = 0) => [.. Simulator.Journal.Since(since).Where(entry => entry is { Service: Service.Sdp, Changed: not null })];

    public async ValueTask DisposeAsync()
    {
        for (var last = _started.Count - 1; last >= 0; last--) await _started[last].DisposeAsync();
        await Simulator.DisposeAsync();
        Folder.Dispose();
    }

    private Dictionary<string, string> VaultSettings(string credential, SimulatedIdentity identity, string secretName)
    {
        Simulator.Vault.SetSecret(secretName, credential, "application/vnd.sdp-sidecar.credential+json");
        var token = Folder.Write($"federated-token-{++_files}", identity.FederatedToken);
        return BrokerSettings.KeyVault(Simulator.VaultUrl, Simulator.EntraUrl, secretName, identity.TenantId, identity.ClientId, token, CaFile);
    }

    private T Keep<T>(T started) where T : IAsyncDisposable
    {
        _started.Add(started);
        return started;
    }
}
