using Grpc.Core;
using Sidecar.Contract.Sdp;
using Sidecar.Simulator;
using Sidecar.Tests.Harness;

namespace Sidecar.Tests.EndToEnd;

/// <summary>Invariant 1 where the broker ends badly: its last words hold no secret.</summary>
public sealed class CrashTests : IAsyncLifetime
{
    private Stage _stage = null!;
    private SimulatedUser _user = null!;

    public async ValueTask InitializeAsync()
    {
        _stage = await Stage.SetAsync();
        _user = _stage.Simulator.AddUser();
    }

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task A_broker_that_gets_no_more_memory_shows_no_secret()
    {
        var settings = _stage.FileSettings(_user);
        // 24 MB for everything it keeps, in the runtime's hexadecimal.
        settings["DOTNET_GCHeapHardLimit"] = "1800000";
        var broker = await _stage.StartBrokerAsync(settings);
        _stage.Simulator.Faults.Add(new Fault { Service = Service.Sdp, Kind = FaultKind.Huge, Size = 7_500_000 });
        // It says so and goes on, or it dies of it: the runtime decides.
        bool IsOut() => broker.Process.HasExited || broker.Process.Output.Contains("OutOfMemory", StringComparison.OrdinalIgnoreCase);
        for (var round = 0; round < 20 && !IsOut(); round++)
            await Task.WhenAll(Enumerable.Range(1, 8).Select(page => AskAsync(broker, page)));

        IsOut().ShouldBeTrue();
        ShowsNoSecret();
    }

    private static async Task AskAsync(RunningBroker broker, int page)
    {
        try
        {
            await broker.CallAsync<RequestPage>("ListRequests", new ListRequestsRequest { Page = page }, TimeSpan.FromSeconds(10));
        }
        catch (RpcException)
        {
            // It has other worries.
        }
    }

    private void ShowsNoSecret()
    {
        string[] secrets = [_user.Credential.ClientSecret, _user.Credential.RefreshToken, .. _stage.Simulator.Accounts.AccessTokens];
        secrets.Length.ShouldBeGreaterThan(2);
        foreach (var secret in secrets) _stage.Output.Contains(secret, StringComparison.Ordinal).ShouldBeFalse();
    }
}
