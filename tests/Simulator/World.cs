using Sidecar.Simulator.Sdp.Seeding;

namespace Sidecar.Simulator;

internal sealed record Urls(Uri Accounts, Uri Sdp, Uri Vault, Uri Entra);

/// <summary>All state. <see cref="Reset"/> makes it new; the objects handed out stay the same.</summary>
internal sealed partial class World
{
    private readonly SimulatorOptions _options;

    public World(SimulatorOptions options)
    {
        _options = options;
        Clock = new SimulatorClock(options.Time);
        Accounts = new ZohoAccounts(this);
        Entra = new EntraTenant(this);
        Vault = new KeyVault(this, options.Domain);
        Instances = new Dictionary<string, Instance>(StringComparer.OrdinalIgnoreCase)
        {
            ["itdesk"] = new("itdesk", options.Domain, Clock, Gate),
            ["hr"] = new("hr", options.Domain, Clock, Gate),
            [OnPremPortal] = new(OnPremPortal, options.Domain, Clock, Gate),
        };
        Reset();
    }

    public const string DefaultPortal = "itdesk";
    public const string OnPremPortal = "premises";

    public Lock Gate { get; } = new();
    public SimulatorClock Clock { get; }
    public RequestJournal Journal { get; } = new();
    public FaultList Faults { get; } = new();
    public ZohoAccounts Accounts { get; }
    public EntraTenant Entra { get; }
    public KeyVault Vault { get; }
    public Dictionary<string, Instance> Instances { get; }
    public Urls? Urls { get; set; }

    public void Reset()
    {
        lock (Gate)
        {
            Faults.Clear();
            Journal.Clear();
            Accounts.Reset();
            Entra.Reset();
            Vault.Reset();
            foreach (var instance in Instances.Values)
                instance.Reset();
            Seed.ItDesk(Instances["itdesk"], _options.Seed);
            Seed.Hr(Instances["hr"], _options.Seed + 1);
            Seed.Premises(Instances[OnPremPortal], _options.Seed + 2);
        }
    }
}
