using System.Text.RegularExpressions;
using ModelContextProtocol.Client;
using Sidecar.Tests.Containers.Harness;
using Sidecar.Tests.Harness;

namespace Sidecar.Tests.Containers;

/// <summary>A pair in containers, as README.md prints it: the lines are read from there.</summary>
public sealed partial class ReadmePairTests
{
    private static readonly ReadmeSection Building = new("## Containers"), Pair = new("### A pair in containers");

    [Fact]
    public async Task Both_images_and_the_pair_with_a_credential_file_work_as_printed()
    {
        await using var stage = await ContainerStage.SetAsync();
        var user = stage.Simulator.AddUser();
        await using var person = new Person(stage);
        await person.TypeAsync(Building.Commands[0]);
        var key = await StartAsync(person, user.Credential.ToJson());

        var (broker, shim) = (person.Container("sidecar-broker"), person.Container("sidecar-shim"));
        var address = await Person.ShimAsync(broker);
        await Ready.WaitAsync(address, async () => await broker.LogsAsync() + await shim.LogsAsync());
        await using (var client = ToolClient.WithKey(new Uri(address, "/mcp"), key))
            (await client.DoAsync("whoami")).Text("technician_email").ShouldBe(user.TechnicianEmail);
        (await broker.InspectAsync("{{.Config.User}}")).ShouldBe($"{Person.Uid}:{Person.Uid}");
        // A warning of the file's mode would mean that the printed lines make it wrong.
        (await broker.LogsAsync()).ShouldNotContain("Every user of this machine can reach");

        var removal = Pair.Commands[2].IndexOf("docker rm", StringComparison.Ordinal);
        await person.TypeAsync(Pair.Commands[2][..removal]);
        foreach (var ended in new[] { shim, broker }) (await ended.InspectAsync("{{.State.ExitCode}}")).ShouldBe("0");
        await person.TypeAsync(Pair.Commands[2][removal..]);
    }

    [Fact]
    public async Task A_desktop_client_starts_the_shim_as_printed_and_speaks_to_it_over_standard_input_and_output()
    {
        await using var stage = await ContainerStage.SetAsync();
        var user = stage.Simulator.AddUser();
        await using var person = new Person(stage);
        await person.TypeAsync(Building.Commands[0]);
        await StartAsync(person, user.Credential.ToJson());
        var broker = person.Container("sidecar-broker");
        await Ready.WaitAsync(await Person.ShimAsync(broker), broker.LogsAsync);

        var server = new ReadmeSection("### A desktop client that starts the shim").Json.GetProperty("mcpServers").GetProperty("servicedesk-plus");
        await using var client = await McpClient.CreateAsync(
            new StdioClientTransport(new StdioClientTransportOptions
            {
                Command = Path.Combine(person.Surroundings["PATH"].Split(':')[0], server.GetProperty("command").GetString()!),
                Arguments = [.. server.GetProperty("args").EnumerateArray().Select(argument => argument.GetString()!)],
                EnvironmentVariables = person.Surroundings.ToDictionary(variable => variable.Key, variable => (string?)variable.Value),
            }),
            cancellationToken: TestContext.Current.CancellationToken);
        var answer = await client.CallToolAsync("whoami", cancellationToken: TestContext.Current.CancellationToken);
        answer.StructuredContent!.Value.Text("technician_email").ShouldBe(user.TechnicianEmail);
    }

    [Fact]
    public async Task A_credential_that_is_replaced_in_its_folder_is_taken_up_without_a_restart()
    {
        await using var stage = await ContainerStage.SetAsync();
        var user = stage.Simulator.AddUser();
        await using var person = new Person(stage);
        await person.TypeAsync(Building.Commands[0]);
        await StartAsync(person, user.Credential.ToJson());
        var broker = person.Container("sidecar-broker");
        await Ready.WaitAsync(await Person.ShimAsync(broker), broker.LogsAsync);

        var file = Path.Combine(person.Home, ".sidecar/ada/credential.json");
        await File.WriteAllTextAsync(file + ".new", "{}", TestContext.Current.CancellationToken);
        await person.OwnHomeAsync();
        File.Move(file + ".new", file, overwrite: true);
        await Wait.UntilAsync("the broker to see the new file", async () => (await broker.ExecAsync("broker", "health")).Output.Contains("malformed"), broker.LogsAsync);
    }

    // Makes the folder, the key and both containers as printed; the images are there.
    private static async Task<string> StartAsync(Person person, string credential)
    {
        var given = Path.Combine(person.Home, "credential.json");
        await File.WriteAllTextAsync(given, credential, TestContext.Current.CancellationToken);
        var said = await person.TypeAsync(Pair.Commands[0].Replace("cp credential.json", $"cp {given}"));
        await person.OwnHomeAsync();
        await person.TypeAsync(Pair.Commands[1].Replace("DIGEST", Digest().Match(said).Value));
        return said.Split('\n')[1].Trim();
    }

    [GeneratedRegex("[0-9a-f]{64}")]
    private static partial Regex Digest();
}
