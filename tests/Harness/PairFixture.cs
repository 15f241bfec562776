using Sidecar.Simulator;

namespace Sidecar.Tests.Harness;

/// <summary>One stage with one pair, for the tests of a class: credential in the vault, all defaults.</summary>
public sealed class PairFixture : IAsyncLifetime
{
    public Stage Stage { get; private set; } = null!;

    public SimulatedUser User { get; private set; } = null!;

    public RunningBroker Broker { get; private set; } = null!;

    public RunningShim Shim { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Stage = await Stage.SetAsync();
        User = Stage.Simulator.AddUser();
        Broker = await Stage.StartBrokerAsync(Stage.VaultSettings(User, "sdp-test"));
        Shim = await Stage.StartShimAsync(Broker);
    }

    /// <summary>Puts faults and switches back, for the next test.</summary>
    public void Calm()
    {
        Stage.Simulator.Faults.Clear();
        Stage.Instance.Switches = new InstanceSwitches();
    }

    public ValueTask DisposeAsync() => Stage.DisposeAsync();
}
