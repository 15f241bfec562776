using Sidecar.Tests.Containers.Harness;
using Sidecar.Tests.Harness;

namespace Sidecar.Tests.Containers;

/// <summary>Two containers as on a person's own machine.</summary>
public sealed class PairTests
{
    [Fact]
    public async Task A_broker_with_a_credential_file_and_a_shim_in_its_network_serve_their_technician()
    {
        await using var stage = await ContainerStage.SetAsync();
        var user = stage.Simulator.AddUser();
        var pair = await ContainerPair.StartAsync(stage, user);

        await using var client = pair.Client();
        (await client.DoAsync("whoami")).Text("technician_email").ShouldBe(user.TechnicianEmail);
        (await pair.Broker.ExecAsync("broker", "health")).Output.ShouldStartWith("ready: ");
    }
}
