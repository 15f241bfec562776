using System.Diagnostics;

namespace Sidecar.Tests.Containers.Harness;

/// <summary>What a command said and how it ended.</summary>
public sealed record CommandResult(int ExitCode, string Output, string Errors);

/// <summary>The command line of podman.</summary>
public static class Podman
{
    // A machine under load takes its time; a command that hangs shall still not take the run with it.
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(4);

    /// <summary>Runs a command that has to succeed.</summary>
    /// <returns>Its output, without the last line's end.</returns>
    public static Task<string> DoAsync(params string[] arguments) => DoAsync(arguments, folder: null);

    /// <param name="arguments">The command.</param>
    /// <param name="folder">Where it runs; podman takes some arguments for folders if there are any of that name.</param>
    public static async Task<string> DoAsync(IReadOnlyList<string> arguments, string? folder)
    {
        var result = await TryAsync(arguments, folder);
        return result.ExitCode == 0
            ? result.Output.TrimEnd('\n')
            : throw new InvalidOperationException($"podman {string.Join(' ', arguments)} ended with {result.ExitCode}:\n{result.Errors}{result.Output}");
    }

    /// <summary>Runs a command that may fail.</summary>
    public static Task<CommandResult> TryAsync(params string[] arguments) => TryAsync(arguments, folder: null);

    private static async Task<CommandResult> TryAsync(IReadOnlyList<string> arguments, string? folder)
    {
        using var process = Process.Start(new ProcessStartInfo("podman", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = folder ?? Path.GetTempPath(),
        })!;
        process.StandardInput.Close();
        using var end = new CancellationTokenSource(Timeout);
        try
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(end.Token), process.StandardError.ReadToEndAsync(end.Token));
            await process.WaitForExitAsync(end.Token);
            return new CommandResult(process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"podman {string.Join(' ', arguments)} did not end within {Timeout}.");
        }
    }
}
