using System.ComponentModel;
using System.Diagnostics;
using Xunit;

namespace Sidecar.Tests.Unit.Onboarding;

/// <summary>Programs of this machine that tests ask for their opinion.</summary>
internal static class Shell
{
    /// <summary>Runs a program to its end; skips the test where it is not installed.</summary>
    /// <param name="program">Its name.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="folder">Where it runs; put before its PATH as well. Null: here.</param>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(string program, string[] arguments, string? folder = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        if (folder is not null)
        {
            start.WorkingDirectory = folder;
            start.Environment["PATH"] = $"{folder}:{start.Environment["PATH"]}";
        }

        using var process = new Process { StartInfo = start };
        try
        {
            process.Start();
        }
        catch (Win32Exception)
        {
            Assert.Skip($"{program} is not installed on this machine");
        }

        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var end = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await process.WaitForExitAsync(end.Token);
        return (process.ExitCode, await output, await error);
    }
}
