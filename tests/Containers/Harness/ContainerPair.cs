using System.Globalization;
using Sidecar.Sandbox;
using Sidecar.Simulator;
using Sidecar.Tests.Harness;

namespace Sidecar.Tests.Containers.Harness;

/// <summary>A broker's container with a credential file, and a shim's in its network.</summary>
public sealed record ContainerPair(RunningContainer Broker, RunningContainer Shim, Uri Mcp, ApiKey Key)
{
    /// <summary>Starts both and waits until calls can be made.</summary>
    public static async Task<ContainerPair> StartAsync(ContainerStage stage, SimulatedUser user)
    {
        var credential = await stage.WriteForAsync(ContainerStage.BrokerUid, "credential.json", user.Credential.ToJson());
        var broker = await stage.RunAsync(
            "broker",
            [
                .. ContainerStage.Hardening, .. stage.SimulatorOptions,
                "--publish", "127.0.0.1::8080",
                "--volume", $"{credential}:/run/sidecar/credential.json:ro",
                "--env", "Credential__Source=File", "--env", "Credential__Path=/run/sidecar/credential.json",
            ],
            stage.Images.Broker);
        var key = ApiKey.Create();
        var shim = await stage.RunAsync(
            "shim",
            [
                .. ContainerStage.Hardening,
                "--network", $"container:{broker.Name}",
                "--env", "Shim__Listen=http://0.0.0.0:8080",
                "--env", $"Shim__Access__ApiKeys__0__Sha256={key.Sha256}", "--env", "Shim__Access__ApiKeys__0__Name=test",
            ],
            stage.Images.Shim);
        var port = int.Parse((await Podman.DoAsync("port", broker.Name, "8080/tcp")).Split(':')[^1], CultureInfo.InvariantCulture);
        await Ready.WaitAsync(new Uri($"http://127.0.0.1:{port}"), async () => await broker.LogsAsync() + await shim.LogsAsync());
        return new ContainerPair(broker, shim, new Uri($"http://127.0.0.1:{port}/mcp"), key);
    }

    /// <summary>A client with the pair's key.</summary>
    public ToolClient Client() => ToolClient.WithKey(Mcp, Key.Value);
}
