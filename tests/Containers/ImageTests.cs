using System.Formats.Tar;
using System.Text.Json;
using Sidecar.Tests.Containers.Harness;

namespace Sidecar.Tests.Containers;

/// <summary>What is in an image, and what is not.</summary>
public sealed class ImageTests
{
    private static readonly string[] Shells = ["sh", "ash", "bash", "dash", "busybox", "zsh"];

    [Theory]
    [InlineData("broker", "10001:10001", "")]
    [InlineData("shim", "10002:10002", "8080/tcp")]
    public async Task An_image_says_who_it_runs_as_what_it_is_and_how_it_is_asked_and_stopped(string program, string user, string port)
    {
        var image = await InspectAsync(program);
        var config = image.GetProperty("Config");
        config.GetProperty("User").GetString().ShouldBe(user);
        config.GetProperty("WorkingDir").GetString().ShouldBe("/opt/sidecar");
        config.GetProperty("StopSignal").GetString().ShouldBe("SIGTERM");
        Texts(config, "Entrypoint").ShouldBe([program]);
        Texts(config, "Cmd").ShouldBe(["serve"]);
        Texts(image.GetProperty("Healthcheck"), "Test").ShouldBe(["CMD", program, "health", "--live"]);
        // Where programs are, and no debugger: settings are for whoever runs it.
        Texts(config, "Env").Where(variable => !variable.StartsWith("PATH=", StringComparison.Ordinal)).ShouldBe(["DOTNET_EnableDiagnostics=0"]);
        (config.TryGetProperty("ExposedPorts", out var ports) ? ports.EnumerateObject().Single().Name : "").ShouldBe(port);

        var labels = config.GetProperty("Labels").EnumerateObject().ToDictionary(label => label.Name, label => label.Value.GetString()!);
        labels["org.opencontainers.image.title"].ShouldContain(program);
        labels["org.opencontainers.image.licenses"].ShouldBe("Apache-2.0");
        labels["org.opencontainers.image.base.name"].ShouldBe(Images.Base);
        foreach (var label in new[] { "description", "version", "revision", "source" }) labels[$"org.opencontainers.image.{label}"].ShouldNotBeNullOrEmpty();
    }

    [Theory]
    [InlineData("broker")]
    [InlineData("shim")]
    public async Task An_image_adds_the_binary_and_the_licence_to_its_base_and_nothing_else(string program)
    {
        var image = await FilesAsync(await NameAsync(program));
        var added = image.Keys.Except((await FilesAsync(Images.Base)).Keys).Where(path => image[path].Type is TarEntryType.RegularFile or TarEntryType.SymbolicLink);
        added.ShouldBe([$"usr/local/bin/{program}", "opt/sidecar/LICENSE"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("broker")]
    [InlineData("shim")]
    public async Task An_image_has_no_shell_no_debug_symbols_and_no_program_that_changes_the_user(string program)
    {
        var files = await FilesAsync(await NameAsync(program));
        files.Keys.Where(path => Shells.Contains(Path.GetFileName(path))).ShouldBeEmpty();
        files.Keys.Where(path => Path.GetExtension(path) is ".dbg" or ".pdb" or ".debug").ShouldBeEmpty();
        files.Where(file => (file.Value.Mode & (UnixFileMode.SetUser | UnixFileMode.SetGroup)) != 0 && file.Value.Type == TarEntryType.RegularFile)
            .Select(file => file.Key).ShouldBeEmpty();
        files[$"usr/local/bin/{program}"].Mode.ShouldBe((UnixFileMode)0b111_101_101);
        files[$"usr/local/bin/{program}"].Uid.ShouldBe(0);
    }

    [Theory]
    [InlineData("broker")]
    [InlineData("shim")]
    public async Task Debug_symbols_are_a_target_of_their_own(string program)
    {
        var image = await Images.BuildAsync(program, Images.Base, "symbols");
        var files = await FilesAsync(image);
        files.Where(file => file.Value is { Type: TarEntryType.RegularFile, Length: > 0 }).Select(file => file.Key).ShouldBe([$"{program}.dbg"]);
    }

    [Theory]
    [InlineData("broker", 60)]
    [InlineData("shim", 60)]
    public async Task An_image_stays_below_its_size_in_megabytes(string program, int megabytes)
    {
        var size = (await InspectAsync(program)).GetProperty("Size").GetInt64();
        TestContext.Current.TestOutputHelper!.WriteLine($"{program}: {size / 1e6:0.0} MB");
        size.ShouldBeLessThan(megabytes * 1_000_000L);
    }

    private sealed record PackedFile(TarEntryType Type, UnixFileMode Mode, int Uid, long Length);

    private static async Task<string> NameAsync(string program) => program == "broker" ? (await Images.GetAsync()).Broker : (await Images.GetAsync()).Shim;

    private static async Task<JsonElement> InspectAsync(string program) =>
        JsonDocument.Parse(await Podman.DoAsync("image", "inspect", await NameAsync(program))).RootElement[0];

    private static IEnumerable<string> Texts(JsonElement from, string name) => from.GetProperty(name).EnumerateArray().Select(text => text.GetString()!);

    // All that a container of it would find, by path.
    private static async Task<Dictionary<string, PackedFile>> FilesAsync(string image)
    {
        var name = Names.New("files");
        var archive = Path.GetTempFileName();
        try
        {
            // A command has to be named where the image has none; it is never run.
            await Podman.DoAsync("create", "--name", name, image, "none");
            await Podman.DoAsync("export", "--output", archive, name);
            await using var reader = new TarReader(File.OpenRead(archive));
            var files = new Dictionary<string, PackedFile>();
            while (await reader.GetNextEntryAsync(cancellationToken: TestContext.Current.CancellationToken) is { } entry) files[entry.Name] = new PackedFile(entry.EntryType, entry.Mode, entry.Uid, entry.Length);
            return files;
        }
        finally
        {
            await Podman.TryAsync("rm", "--force", "--ignore", name);
            File.Delete(archive);
        }
    }
}
