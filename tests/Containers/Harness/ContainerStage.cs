using System.Collections.Concurrent;
using System.Globalization;
using Sidecar.Sandbox.Processes;
using Sidecar.Simulator;

namespace Sidecar.Tests.Containers.Harness;

/// <summary>A simulator in this process that containers reach by names of its own, and the files and containers of one test.</summary>
public sealed class ContainerStage : IAsyncDisposable
{
    /// <summary>Where a container finds the simulator's certificate authority: the value for Tls__CaFile.</summary>
    public const string CaPath = "/run/simulator/ca.pem";

    /// <summary>User ids of the images.</summary>
    public const int BrokerUid = 10001, ShimUid = 10002;

    private static readonly Lazy<Task> Swept = new(Names.SweepAsync);
    private readonly ConcurrentStack<IAsyncDisposable> _started = [];
    private readonly WorkFolder _folder = new();
    private readonly string _gateway;
    private int _files;

    private ContainerStage(SimulatorHost simulator, Images images, string gateway)
    {
        (Simulator, Images, _gateway) = (simulator, images, gateway);
        CaFile = _folder.Write("ca.pem", simulator.CaPem);
        File.SetUnixFileMode(CaFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
    }

    public SimulatorHost Simulator { get; }

    public Images Images { get; }

    /// <summary>The authority's certificate on this machine, for a mount.</summary>
    public string CaFile { get; }

    public static async Task<ContainerStage> SetAsync()
    {
        await Swept.Value;
        var images = await Images.GetAsync();
        var gateway = await Podman.DoAsync("network", "inspect", "podman", "--format", "{{(index .Subnets 0).Gateway}}");
        // On every address: the bridge is there only while a container is.
        var simulator = await SimulatorHost.StartAsync(
            new SimulatorOptions { Host = "0.0.0.0", Domain = "sim.example.test" }, TestContext.Current.CancellationToken);
        return new ContainerStage(simulator, images, gateway);
    }

    /// <summary>Options of podman run that let a container find the simulator and trust it.</summary>
    public IEnumerable<string> SimulatorOptions =>
    [
        .. HostEntries.SelectMany(entry => new[] { "--add-host", entry }),
        "--volume", $"{CaFile}:{CaPath}:ro",
        "--env", $"Tls__CaFile={CaPath}",
    ];

    /// <summary>The simulator's names and where they are, each NAME:ADDRESS.</summary>
    public IEnumerable<string> HostEntries => Simulator.HostNames.Select(name => $"{name}:{_gateway}");

    /// <summary>The same names for a pod: the value of hostAliases, in one line.</summary>
    public string HostAliases => $$"""[{"ip": "{{_gateway}}", "hostnames": [{{string.Join(", ", Simulator.HostNames.Select(name => $"\"{name}\""))}}]}]""";

    /// <summary>What every container of ours is held to.</summary>
    public static IReadOnlyList<string> Hardening { get; } = ["--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"];

    /// <summary>A file with mode 0600 that belongs to a container's user.</summary>
    /// <returns>Its path on this machine.</returns>
    public async Task<string> WriteForAsync(int uid, string name, string content)
    {
        var path = _folder.Write($"{++_files}-{name}", content);
        using var chown = System.Diagnostics.Process.Start("chown", [uid.ToString(CultureInfo.InvariantCulture) + ":" + uid.ToString(CultureInfo.InvariantCulture), path]);
        await chown.WaitForExitAsync(TestContext.Current.CancellationToken);
        return chown.ExitCode == 0 ? path : throw new InvalidOperationException("Only root may give a file to a container's user.");
    }

    /// <summary>Starts a container that is removed with the stage.</summary>
    public async Task<RunningContainer> RunAsync(string word, IEnumerable<string> options, string image, params string[] command) =>
        Keep(await RunningContainer.RunAsync(word, options, image, command));

    /// <summary>Plays a YAML; what it made is removed with the stage.</summary>
    public async Task<PlayedPod> PlayAsync(string pod, string yaml, params string[] options) => Keep(await PlayedPod.PlayAsync(pod, yaml, options));

    /// <summary>Something that ends with the stage, before the simulator does.</summary>
    public T Keep<T>(T started) where T : IAsyncDisposable
    {
        _started.Push(started);
        return started;
    }

    public async ValueTask DisposeAsync()
    {
        while (_started.TryPop(out var last)) await last.DisposeAsync();
        await Simulator.DisposeAsync();
        _folder.Dispose();
    }
}
