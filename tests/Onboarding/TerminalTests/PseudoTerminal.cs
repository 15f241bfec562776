using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Sidecar.Tests.Onboarding.TerminalTests;

/// <summary>
/// A terminal with somebody at it: a program runs in a pseudo-terminal of its own, made by <c>script</c> of util-linux, and what
/// it writes is shown on a <see cref="Screen"/>.
/// </summary>
internal sealed class PseudoTerminal : IAsyncDisposable
{
    /// <summary>Ctrl-C.</summary>
    public const string Interrupt = "\u0003";

    private static readonly string[] Inherited = ["PATH", "HOME", "DOTNET_ROOT"];

    private readonly Process _process;
    private readonly Task _reading;
    private readonly Screen _screen;
    private readonly StringBuilder _raw = new();
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _more = new(0);

    private PseudoTerminal(Process process, Screen screen)
    {
        (_process, _screen) = (process, screen);
        _reading = ReadAsync();
    }

    /// <summary>Everything the program has written, as it wrote it, and whatever the terminal has echoed.</summary>
    public string Raw => See(_ => _raw.ToString());

    /// <summary>What a person who scrolls up finds.</summary>
    public string Remains => See(screen => screen.Remains);

    /// <summary>Starts a program.</summary>
    /// <param name="path">The executable.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="settings">Its environment.</param>
    /// <param name="redirection">Redirections of the shell, such as <c>2>/dev/null</c>.</param>
    /// <param name="columns">Width, in characters.</param>
    /// <param name="rows">Height, in lines.</param>
    public static PseudoTerminal Start(string path, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> settings, string redirection = "", int columns = 120, int rows = 40)
    {
        var command = string.Join(' ', arguments.Prepend(path).Select(word => $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'"));
        // What the program leaves the terminal like is told when it has ended; Ctrl-C is for the program alone.
        var line = string.Create(CultureInfo.InvariantCulture, $"trap : INT; stty cols {columns} rows {rows}; {command} {redirection}; code=$?; stty -a; exit $code");
        // Whoever started the tests may have signals ignored, as nohup and a shell's background jobs do; a person's shell has not.
        var start = new ProcessStartInfo("env", ["--default-signal=INT,HUP,TERM,QUIT", "script", "-qec", line, "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardOutputEncoding = new UTF8Encoding(false, throwOnInvalidBytes: true),
        };
        foreach (var name in start.Environment.Keys.Except(Inherited).ToList()) start.Environment.Remove(name);
        start.Environment["TERM"] = "xterm-256color";
        start.Environment["SHELL"] = "/bin/sh";
        foreach (var (key, value) in settings) start.Environment[key] = value;
        return new PseudoTerminal(Process.Start(start)!, new Screen(columns, rows));
    }

    /// <summary>Looks at the screen.</summary>
    public T See<T>(Func<Screen, T> look)
    {
        lock (_lock) return look(_screen);
    }

    /// <summary>Waits until the screen is as wanted.</summary>
    /// <param name="isSo">What is waited for.</param>
    /// <exception cref="InvalidOperationException">It does not become so; the message has all that was written.</exception>
    public async Task WaitAsync(Func<Screen, bool> isSo)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        end.CancelAfter(TimeSpan.FromSeconds(60));
        try
        {
            while (!See(isSo))
            {
                if (_reading.IsCompleted && !See(isSo)) throw new InvalidOperationException($"It ended before that:\n{Raw}");
                await Task.WhenAny(_reading, _more.WaitAsync(end.Token));
                end.Token.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException)
        {
            throw new InvalidOperationException($"That was not shown in a minute:\n{Raw}");
        }
    }

    /// <summary>Waits until a text stands on the main screen.</summary>
    public Task WaitAsync(string text) => WaitAsync(screen => screen.Remains.Contains(text, StringComparison.Ordinal));

    /// <summary>Types; Enter is <c>\r</c>.</summary>
    public void Type(string keys)
    {
        lock (_lock)
        {
            _process.StandardInput.Write(keys);
            _process.StandardInput.Flush();
        }
    }

    /// <summary>Waits for a question and answers it.</summary>
    public async Task AnswerAsync(string question, string keys)
    {
        await WaitAsync(question);
        Type(keys);
    }

    /// <summary>Waits for the program's end, and looks that it leaves the terminal as it was.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> EndAsync()
    {
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            await _process.WaitForExitAsync(end.Token);
            await _reading.WaitAsync(end.Token);
        }
        catch (OperationCanceledException)
        {
            throw new InvalidOperationException($"It did not end within a minute:\n{Raw}");
        }

        See(screen => (screen.HasCursor, screen.IsAside)).ShouldBe((true, false), $"the cursor is shown and the main screen too\n{Raw}");
        var modes = Remains[Remains.LastIndexOf("speed ", StringComparison.Ordinal)..].Split([' ', '\n', ';']);
        modes.ShouldContain("echo", Raw);
        modes.ShouldContain("icanon", Raw);
        return _process.ExitCode;
    }

    /// <summary>Closes the window.</summary>
    public void Close() => _process.Kill();

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        await _reading;
        _process.Dispose();
        _more.Dispose();
    }

    private async Task ReadAsync()
    {
        var buffer = new char[4096];
        while (await _process.StandardOutput.ReadAsync(buffer) is > 0 and var count)
        {
            lock (_lock)
            {
                _raw.Append(buffer, 0, count);
                foreach (var c in buffer.AsSpan(0, count)) _screen.Take(c);
                while (_screen.Answers.TryDequeue(out var answer)) Type(answer);
            }

            _more.Release();
        }
    }
}
