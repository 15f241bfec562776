using System.Diagnostics;
using System.Globalization;

namespace Sidecar.Tests.Containers.Harness;

/// <summary>
/// Somebody with a home and a shell who types what README.md prints. Their docker is podman (see the script of that name), and their
/// user id is not root's, as with a Docker engine that they may talk to.
/// </summary>
public sealed class Person : IAsyncDisposable
{
    /// <summary>Their user and group id.</summary>
    public const int Uid = 12345;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sidecar-person-");
    private readonly string _run = Names.New("person");
    private readonly Dictionary<string, string> _surroundings;

    public Person(ContainerStage stage)
    {
        Home = _folder.CreateSubdirectory("home").FullName;
        var programs = _folder.CreateSubdirectory("programs").FullName;
        File.Copy(Repository.PathOf("tests/Containers/Harness/docker"), Path.Combine(programs, "docker"));
        WriteProgram(Path.Combine(programs, "id"), $"#!/bin/sh\necho {Uid}\n");
        WriteProgram(Path.Combine(programs, "az"), "#!/bin/sh\n"); // "az login", which is done in a browser.
        var simulator = Path.Combine(_folder.FullName, "simulator");
        File.WriteAllLines(simulator, stage.SimulatorOptions);
        Override = Path.Combine(_folder.FullName, "override.yaml");
        _surroundings = new Dictionary<string, string>
        {
            ["HOME"] = Home,
            ["PATH"] = $"{programs}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            ["DOCKER_RUN"] = _run,
            ["DOCKER_REAL_HOME"] = System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile),
            ["DOCKER_SIMULATOR"] = simulator,
            ["DOCKER_OVERRIDE"] = Override,
            ["DOCKER_BASE"] = Images.Base,
            ["DOCKER_BINARIES"] = Images.BinariesFolder,
        };
    }

    public string Home { get; }

    /// <summary>A second file for compose, with what the test needs.</summary>
    public string Override { get; }

    /// <summary>One more variable for the commands to come.</summary>
    public void Set(string name, string value) => _surroundings[name] = value;

    /// <summary>Types commands in the repository's root, or in a folder of it; any that fails ends them.</summary>
    /// <returns>What they wrote.</returns>
    public async Task<string> TypeAsync(string commands, string folder = ".")
    {
        using var shell = Process.Start(Shell(["bash", "-e", "-c", commands], folder))!;
        shell.StandardInput.Close();
        var (output, errors) = (shell.StandardOutput.ReadToEndAsync(), shell.StandardError.ReadToEndAsync());
        using var end = new CancellationTokenSource(TimeSpan.FromMinutes(4));
        await shell.WaitForExitAsync(end.Token);
        return shell.ExitCode == 0 ? await output : throw new InvalidOperationException($"{commands}\nended with {shell.ExitCode}:\n{await errors}{await output}");
    }

    /// <summary>The variables of their shell, for a program that a client starts.</summary>
    public IReadOnlyDictionary<string, string> Surroundings => _surroundings;

    /// <summary>A container that they named.</summary>
    public RunningContainer Container(string name) => new($"{_run}-{name}");

    /// <summary>A container of a service of theirs.</summary>
    public RunningContainer Service(string name) => new($"{_run}_{name}_1");

    /// <summary>Where a container's port 8080 is on this machine.</summary>
    public static async Task<Uri> ShimAsync(RunningContainer broker) =>
        new($"http://127.0.0.1:{(await Podman.DoAsync("port", broker.Name, "8080/tcp")).Split(':')[^1]}");

    /// <summary>All below their home is theirs, as if they had made it.</summary>
    public async Task OwnHomeAsync()
    {
        using var chown = Process.Start("chown", ["-R", string.Create(CultureInfo.InvariantCulture, $"{Uid}:{Uid}"), Home]);
        await chown.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var kind in new[] { "container", "pod", "network", "image" }) await Names.RemoveAsync(kind, name => name.Contains(_run, StringComparison.Ordinal));
        _folder.Delete(recursive: true);
    }

    private ProcessStartInfo Shell(string[] command, string folder)
    {
        var start = new ProcessStartInfo("env", command)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Repository.PathOf(folder),
        };
        foreach (var (name, value) in _surroundings) start.Environment[name] = value;
        return start;
    }

    private static void WriteProgram(string path, string text)
    {
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
    }
}
