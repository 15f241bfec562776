using Sidecar.Sandbox;
using Sidecar.Tests.Containers.Harness;
using Sidecar.Tests.Harness;

namespace Sidecar.Tests.Containers;

/// <summary>What the other tests stand on.</summary>
public sealed class HarnessTests
{
    [Fact]
    public async Task A_pod_that_is_played_reaches_the_simulator_by_its_names_and_leaves_nothing_behind()
    {
        string pod;
        await using (var stage = await ContainerStage.SetAsync())
        {
            var user = stage.Simulator.AddUser();
            var credential = await stage.WriteForAsync(ContainerStage.BrokerUid, "credential.json", user.Credential.ToJson());
            var key = ApiKey.Create();
            pod = Names.New("pod");
            var played = await stage.PlayAsync(pod, Yaml(stage, pod, credential, key));
            var shim = new Uri($"http://{await played.AddressAsync()}:8080");
            await Ready.WaitAsync(shim, async () => await played.Container("broker").LogsAsync() + await played.Container("shim").LogsAsync());

            await using var client = ToolClient.WithKey(new Uri(shim, "/mcp"), key.Value);
            (await client.DoAsync("whoami")).Text("technician_email").ShouldBe(user.TechnicianEmail);
            (await played.Container("broker").MemoryAsync()).ShouldBeInRange(1_000_000, 500_000_000);
        }

        (await Podman.DoAsync("ps", "--all", "--format", "{{.Names}}")).ShouldNotContain(pod);
        (await Podman.DoAsync("pod", "ps", "--format", "{{.Name}}")).ShouldNotContain(pod);
        (await Podman.DoAsync("secret", "ls", "--format", "{{.Name}}")).ShouldNotContain(pod);
        (await Podman.DoAsync("volume", "ls", "--format", "{{.Name}}")).ShouldNotContain(pod);
    }

    private static string Yaml(ContainerStage stage, string pod, string credential, ApiKey key) => $$"""
        apiVersion: v1
        kind: Pod
        metadata: {name: {{pod}}}
        spec:
          hostAliases: {{stage.HostAliases}}
          containers:
          - name: broker
            image: {{stage.Images.Broker}}
            env:
            - {name: Credential__Source, value: File}
            - {name: Credential__Path, value: /run/sidecar/credential.json}
            - {name: Tls__CaFile, value: {{ContainerStage.CaPath}}}
            volumeMounts:
            - {name: credential, mountPath: /run/sidecar/credential.json}
            - {name: ca, mountPath: {{ContainerStage.CaPath}}}
          - name: shim
            image: {{stage.Images.Shim}}
            env:
            - {name: Shim__Listen, value: "http://0.0.0.0:8080"}
            - {name: AllowedHosts, value: "*"}
            - {name: Shim__Access__ApiKeys__0__Sha256, value: {{key.Sha256}}}
            - {name: Shim__Access__ApiKeys__0__Name, value: test}
          volumes:
          - name: credential
            hostPath: {path: {{credential}}, type: File}
          - name: ca
            hostPath: {path: {{stage.CaFile}}, type: File}
        """;
}
