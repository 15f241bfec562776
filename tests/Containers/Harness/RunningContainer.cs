using System.Globalization;

namespace Sidecar.Tests.Containers.Harness;

/// <summary>A container, running or ended.</summary>
public sealed class RunningContainer(string name) : IAsyncDisposable
{
    /// <summary>How long a test waits for something that has to happen.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public string Name { get; } = name;

    /// <summary>Starts one in the background.</summary>
    /// <param name="word">What it is, for its name.</param>
    /// <param name="options">Options of podman run.</param>
    /// <param name="image">The image.</param>
    /// <param name="command">Arguments after the image; none for its own command.</param>
    public static async Task<RunningContainer> RunAsync(string word, IEnumerable<string> options, string image, params string[] command)
    {
        var name = Names.New(word);
        try
        {
            await Podman.DoAsync(["run", "--detach", "--name", name, .. options, image, .. command]);
        }
        catch
        {
            // One that could not start is there all the same.
            await Podman.TryAsync("rm", "--force", "--ignore", name);
            throw;
        }

        return new RunningContainer(name);
    }

    /// <summary>What podman knows about it, by a Go template such as <c>{{.State.Status}}</c>.</summary>
    public Task<string> InspectAsync(string template) => Podman.DoAsync("container", "inspect", "--format", template, Name);

    /// <summary>All that it has written, output and errors.</summary>
    public async Task<string> LogsAsync()
    {
        var result = await Podman.TryAsync("logs", Name);
        return result.Output + result.Errors;
    }

    /// <summary>Runs a program inside.</summary>
    public Task<CommandResult> ExecAsync(params string[] command) => Podman.TryAsync(["exec", Name, .. command]);

    /// <summary>Sends a signal, KILL for example.</summary>
    public Task KillAsync(string signal) => Podman.DoAsync("kill", "--signal", signal, Name);

    /// <summary>Asks it to end with its stop signal, and ends it if it does not within the seconds.</summary>
    public Task StopAsync(int seconds) => Podman.DoAsync("stop", "--time", seconds.ToString(CultureInfo.InvariantCulture), Name);

    public Task StartAsync() => Podman.DoAsync("start", Name);

    /// <summary>Id of its first process, as this machine counts them.</summary>
    public async Task<int> PidAsync() => int.Parse(await InspectAsync("{{.State.Pid}}"), CultureInfo.InvariantCulture);

    /// <summary>The same, and that of its keeper, conmon.</summary>
    public async Task<(int Program, int Keeper)> ProcessesAsync()
    {
        var ids = (await InspectAsync("{{.State.Pid}} {{.State.ConmonPid}}")).Split(' ');
        return (int.Parse(ids[0], CultureInfo.InvariantCulture), int.Parse(ids[1], CultureInfo.InvariantCulture));
    }

    /// <summary>Its working set by the control group, as the kubelet reckons it: what is in use, less file pages that can go.</summary>
    public async Task<long> MemoryAsync() => await ControlGroup.WorkingSetAsync(await PidAsync());

    /// <summary>Waits for its end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> WaitForExitAsync()
    {
        await Wait.UntilAsync($"{Name} to end", async () => await InspectAsync("{{.State.Status}}") is "exited" or "stopped", LogsAsync);
        return int.Parse(await InspectAsync("{{.State.ExitCode}}"), CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync() => await Podman.TryAsync("rm", "--force", "--ignore", "--time", "0", "--volumes", Name);
}
