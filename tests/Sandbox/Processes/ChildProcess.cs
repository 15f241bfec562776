using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Sidecar.Sandbox.Processes;

/// <summary>A program of ours, run as a process of its own with settings of its own and none of the surroundings'.</summary>
public sealed partial class ChildProcess : IAsyncDisposable
{
    private const int SigKill = 9, SigTerm = 15, SigCont = 18, SigStop = 19;
    private static readonly string[] OurSettings = ["Broker__", "Credential__", "Sdp__", "Policy__", "Tls__", "Tokens__", "Shim__", "AllowedHosts", "AZURE_", "Logging__"];

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly SemaphoreSlim _moreOutput = new(0);
    private bool _disposed;

    private ChildProcess(Process process, string name)
    {
        _process = process;
        Name = name;
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
    }

    /// <summary>Name of the program.</summary>
    public string Name { get; }

    /// <summary>Process id.</summary>
    public int Id => _process.Id;

    /// <summary>True once it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Everything it has written so far, standard output and error alike.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary>What it reads from standard input.</summary>
    public StreamWriter Input => _process.StandardInput;

    /// <summary>Starts a program.</summary>
    /// <param name="path">The executable.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="settings">Its environment, beside what every program needs.</param>
    /// <param name="folder">Its working directory; it then has no home either, as in a container. Null: ours.</param>
    public static ChildProcess Start(string path, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> settings, string? folder = null)
    {
        var start = new ProcessStartInfo(path, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        if (folder is not null)
        {
            start.WorkingDirectory = folder;
            start.Environment.Remove("HOME");
        }

        foreach (var inherited in start.Environment.Keys.Where(key => OurSettings.Any(own => key.StartsWith(own, StringComparison.OrdinalIgnoreCase))).ToList())
            start.Environment.Remove(inherited);
        foreach (var (key, value) in settings) start.Environment[key] = value;

        var child = new ChildProcess(new Process { StartInfo = start }, Path.GetFileName(path));
        child._process.Start();
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Waits for something it writes.</summary>
    /// <param name="find">Makes a result of the line that is waited for, and null of every other.</param>
    /// <param name="timeout">How long to wait at most.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>What <paramref name="find"/> made of the first line it knows.</returns>
    /// <exception cref="InvalidOperationException">It ended, or the time is over; the message has its output.</exception>
    public async Task<T> WaitForOutputAsync<T>(Func<string, T?> find, TimeSpan timeout, CancellationToken cancellationToken = default) where T : class
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        end.CancelAfter(timeout);
        try
        {
            while (true)
            {
                if (_output.Select(find).FirstOrDefault(found => found is not null) is { } found) return found;
                if (_process.HasExited && _moreOutput.CurrentCount == 0)
                {
                    // Its last words may still be on the way.
                    await _process.WaitForExitAsync(end.Token);
                    if (_output.Select(find).FirstOrDefault(last => last is not null) is { } last) return last;
                    throw new InvalidOperationException($"{Name} ended with exit code {_process.ExitCode}:\n{Output}");
                }

                await _moreOutput.WaitAsync(TimeSpan.FromMilliseconds(100), end.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new InvalidOperationException($"{Name} did not say what was waited for within {timeout}:\n{Output}");
        }
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> WaitForExitAsync(TimeSpan timeout)
    {
        using var end = new CancellationTokenSource(timeout);
        await _process.WaitForExitAsync(end.Token);
        return _process.ExitCode;
    }

    /// <summary>Asks it to stop, as a container runtime does.</summary>
    public void Terminate() => Signal(SigTerm);

    /// <summary>Ends it without a word, as the out-of-memory killer does.</summary>
    public void Kill() => Signal(SigKill);

    /// <summary>Stops it where it is, as a laptop that sleeps does, until <see cref="Resume"/>.</summary>
    public void Pause() => Signal(SigStop);

    /// <summary>Lets it go on after <see cref="Pause"/>.</summary>
    public void Resume() => Signal(SigCont);

    /// <summary>Memory that is its own and in use, in bytes; 0 once it has ended.</summary>
    public long ResidentMemory
    {
        get
        {
            _process.Refresh();
            return _process.HasExited ? 0 : _process.WorkingSet64;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed) return;
        _disposed = true;
        if (!_process.HasExited)
        {
            Resume();
            Terminate();
            try
            {
                await WaitForExitAsync(TimeSpan.FromSeconds(10));
            }
            catch (OperationCanceledException)
            {
                Kill();
                await _process.WaitForExitAsync();
            }
        }

        _process.Dispose();
        _moreOutput.Dispose();
    }

    private void Take(string? line)
    {
        if (line is null) return;
        _output.Enqueue(line);
        try
        {
            _moreOutput.Release();
        }
        catch (ObjectDisposedException)
        {
            // Words after the end.
        }
    }

    private void Signal(int signal)
    {
        if (!_process.HasExited) _ = kill(_process.Id, signal);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int kill(int pid, int signal);
}
