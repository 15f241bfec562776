using System.Net;
using System.Net.Sockets;
using System.Text;
using Sidecar.Sandbox;
using Sidecar.Simulator;
using Sidecar.Tests.Containers.Harness;
using Sidecar.Tests.Harness;

namespace Sidecar.Tests.Containers;

/// <summary>Two users side by side, by README.md's lines and k8s/local/compose.yaml, by Docker Compose on podman.</summary>
public sealed class ComposeTests
{
    [Fact]
    public async Task Two_users_side_by_side_see_each_their_own_and_a_key_of_the_other_opens_nothing()
    {
        await using var stage = await ContainerStage.SetAsync();
        var emails = stage.Simulator.Instances["itdesk"].TechnicianEmails;
        var (ada, grace) = (stage.Simulator.AddUser(new UserWish { Email = emails[0] }), stage.Simulator.AddUser(new UserWish { Email = emails[1] }));
        var (adasKey, gracesKey) = (ApiKey.Create(), ApiKey.Create());
        await using var person = new Person(stage);
        await GiveAsync(person, "ada", ada);
        await GiveAsync(person, "grace", grace);
        await person.OwnHomeAsync();
        await File.WriteAllTextAsync(person.Override, Simulated(stage), TestContext.Current.CancellationToken);
        // The simulator is reached at the default network's address, which is there only as long as somebody is on that network.
        await stage.RunAsync("bystander", [], stage.Images.Shim, "serve");
        person.Set("SIDECAR_BROKER_IMAGE", stage.Images.Broker);
        person.Set("SIDECAR_SHIM_IMAGE", stage.Images.Shim);
        person.Set("ADA_PORT", $"{FreePort()}");
        person.Set("GRACE_PORT", $"{FreePort()}");
        await using var engine = await PodmanService.StartAsync();
        person.Set("DOCKER_HOST", engine.Url);

        // A checkout of their own, for the lines write a file into it.
        var checkout = Directory.CreateDirectory(Path.Combine(person.Home, "checkout/k8s/local")).FullName;
        File.Copy(Repository.PathOf("k8s/local/compose.yaml"), Path.Combine(checkout, "compose.yaml"));
        await person.TypeAsync(
            new ReadmeSection("### Several users side by side").Commands[0].Replace("DIGEST-OF-ADA", adasKey.Sha256).Replace("DIGEST-OF-GRACE", gracesKey.Sha256),
            Path.Combine(person.Home, "checkout"));

        await using var adas = await ClientAsync(person, "ada", adasKey);
        await using var graces = await ClientAsync(person, "grace", gracesKey);
        (await adas.DoAsync("whoami")).Text("technician_email").ShouldBe(ada.TechnicianEmail);
        (await graces.DoAsync("whoami")).Text("technician_email").ShouldBe(grace.TechnicianEmail);
        await using var intruder = await ClientAsync(person, "grace", adasKey);
        await Should.ThrowAsync<Exception>(intruder.ConnectAsync);

        foreach (var service in new[] { "ada-broker", "ada-shim", "grace-broker", "grace-shim" })
        {
            var container = person.Service(service);
            (await container.InspectAsync("{{.HostConfig.ReadonlyRootfs}} {{.HostConfig.SecurityOpt}} {{.EffectiveCaps}}")).ShouldBe("true [no-new-privileges] []", service);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task GiveAsync(Person person, string name, SimulatedUser user)
    {
        var folder = Directory.CreateDirectory(Path.Combine(person.Home, ".sidecar", name)).FullName;
        var file = Path.Combine(folder, "credential.json");
        await File.WriteAllTextAsync(file, user.Credential.ToJson(), TestContext.Current.CancellationToken);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private static async Task<ToolClient> ClientAsync(Person person, string name, ApiKey key)
    {
        var broker = person.Service($"{name}-broker");
        var address = await Person.ShimAsync(broker);
        await Ready.WaitAsync(address, broker.LogsAsync);
        return ToolClient.WithKey(new Uri(address, "/mcp"), key.Value);
    }

    // What lets the brokers find the simulator; nothing else differs.
    private static string Simulated(ContainerStage stage)
    {
        var text = new StringBuilder("services:\n");
        foreach (var broker in new[] { "ada-broker", "grace-broker" })
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"  {broker}:\n    environment: {{Tls__CaFile: {ContainerStage.CaPath}}}\n");
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"    volumes: [\"{stage.CaFile}:{ContainerStage.CaPath}:ro\"]\n    extra_hosts: [{string.Join(", ", stage.HostEntries.Select(entry => $"\"{entry}\""))}]\n");
        }

        return text.ToString();
    }
}
