using System.CommandLine;
using Sidecar.Shim.Hosting;
using Sidecar.Shim.Settings;

namespace Sidecar.Shim.Commands;

/// <summary><c>shim serve</c>: answers MCP clients until told to stop.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var stdio = new Option<bool>("--stdio")
        {
            Description = "Speak MCP on standard input and output instead of HTTP; nothing listens, logs go to standard error.",
        };
        var command = new Command("serve", "Serve MCP. Settings that do not hold are all reported at once, with exit code 78.") { stdio };
        command.SetAction((parsed, cancellation) => RunAsync(parsed.GetValue(stdio), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(bool stdio, CancellationToken cancellation)
    {
        try
        {
            using IHost host = stdio ? ShimServer.BuildStdio() : ShimServer.Build();
            await host.Services.GetRequiredService<Drain>().RunAsync(host, cancellation);
            return ExitCode.Done;
        }
        catch (SettingsException problem)
        {
            await Console.Error.WriteLineAsync(problem.Message);
            return ExitCode.BadSettings;
        }
        catch (InvalidDataException problem)
        {
            // appsettings.json is not JSON.
            await Console.Error.WriteLineAsync($"The settings cannot be read: {problem.InnerException?.Message ?? problem.Message}");
            return ExitCode.BadSettings;
        }
        catch (IOException problem)
        {
            await Console.Error.WriteLineAsync($"The shim cannot start: {problem.Message}");
            return ExitCode.Failed;
        }
    }
}
