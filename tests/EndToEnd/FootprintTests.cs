using Sidecar.Sandbox.Processes;
using Sidecar.Tests.Harness;

namespace Sidecar.Tests.EndToEnd;

/// <summary>What the programs take of the machine they run on: many pairs share one, in containers that may be read only.</summary>
public sealed class FootprintTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private Stage _stage = null!;
    private Dictionary<string, string> _settings = null!;

    public async ValueTask InitializeAsync()
    {
        _stage = await Stage.SetAsync();
        _settings = _stage.FileSettings(_stage.Simulator.AddUser());
    }

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    /// <summary>A user id has 128 watches on a node, so pods that take one each would be 128 at most.</summary>
    [Fact]
    public async Task No_program_watches_files()
    {
        var broker = await _stage.StartBrokerAsync(_settings);
        var shim = await _stage.StartShimAsync(broker);
        await shim.DoAsync("whoami");
        await using var stdio = ChildProcess.Start(Stage.Programs.Shim, ["serve", "--stdio"], new Dictionary<string, string> { ["Shim__Broker"] = broker.Address });
        await stdio.WaitForOutputAsync(line => line.Contains("Application started") ? line : null, Patience, TestContext.Current.CancellationToken);

        Handles(Environment.ProcessId).ShouldNotBeEmpty();
        foreach (var process in new[] { broker.Process, shim.Process, stdio }) Handles(process.Id).ShouldNotContain(handle => handle.Contains("inotify"), process.Name);
    }

    [Fact]
    public async Task The_programs_write_no_file_and_need_no_home()
    {
        var folder = Directory.CreateDirectory(_stage.Folder.File("work"), UnixFileMode.UserRead | UnixFileMode.UserExecute).FullName;
        _settings["Broker__Listen"] = "http://127.0.0.1:0";
        await using var broker = ChildProcess.Start(Stage.Programs.Broker, ["serve"], _settings, folder);
        var address = await ListeningAsync(broker);
        await using var shim = ChildProcess.Start(
            Stage.Programs.Shim, ["serve"], new Dictionary<string, string> { ["Shim__Broker"] = address, ["Shim__Listen"] = "http://127.0.0.1:0" }, folder);
        await using var client = new RunningShim(shim, new Uri(new Uri(await ListeningAsync(shim)), "/mcp"));
        (await client.DoAsync("list_requests")).GetProperty("requests").GetArrayLength().ShouldBeGreaterThan(0);

        Directory.EnumerateFileSystemEntries(folder).ShouldBeEmpty();
        foreach (var process in new[] { broker, shim }) OpenForWriting(process.Id).ShouldBeEmpty();
    }

    private static Task<string> ListeningAsync(ChildProcess process) => process.WaitForOutputAsync(
        line => line.Split("Now listening on: ") is [_, var rest, ..] ? rest.Split('"')[0] : null, Patience, TestContext.Current.CancellationToken);

    private static List<string> Handles(int process) =>
        [.. Directory.EnumerateFiles($"/proc/{process}/fd").Select(handle => new FileInfo(handle).LinkTarget ?? "")];

    // Regular files alone: pipes, sockets and devices are there in any container.
    private static IEnumerable<string> OpenForWriting(int process) =>
        from handle in Directory.EnumerateFiles($"/proc/{process}/fd")
        let target = new FileInfo(handle).LinkTarget ?? ""
        where target.StartsWith('/') && !target.StartsWith("/dev/", StringComparison.Ordinal) && !target.StartsWith("/memfd:", StringComparison.Ordinal)
        let flags = File.ReadLines(handle.Replace("/fd/", "/fdinfo/", StringComparison.Ordinal)).First(line => line.StartsWith("flags:", StringComparison.Ordinal))
        where flags[^1] != '0'
        select $"{target} {flags}";
}
