using System.CommandLine;
using Sidecar.Shim.Settings;

namespace Sidecar.Shim.Commands;

/// <summary><c>shim health</c>: an exec probe, because a kubelet cannot reach a server that listens on loopback.</summary>
internal static class HealthCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    public static Command Create()
    {
        var live = new Option<bool>("--live") { Description = "Ask only whether the shim itself answers, not whether the broker is ready." };
        var command = new Command("health", "Ask the shim running at Shim__Listen whether it is ready. Prints why not; exit code 0 or 1.") { live };
        command.SetAction((parsed, cancellation) => RunAsync(parsed.GetValue(live), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(bool live, CancellationToken cancellation)
    {
        try
        {
            var configuration = new ConfigurationBuilder()
                .SetBasePath(Directory.GetCurrentDirectory())
                .AddJsonFile("appsettings.json", optional: true)
                .AddEnvironmentVariables()
                .Build();
            var url = new Uri(SettingsReader.Read(configuration).Listen.ReachableUrl, live ? "/healthz" : "/readyz");

            // No proxy: the question is for this machine alone, whatever the environment says.
            using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = Patience };
            using var reply = await client.GetAsync(url, cancellation);
            if (reply.IsSuccessStatusCode) return ExitCode.Done;

            await Console.Error.WriteLineAsync(await reply.Content.ReadAsStringAsync(cancellation));
            return ExitCode.Failed;
        }
        catch (SettingsException problem)
        {
            await Console.Error.WriteLineAsync(problem.Message);
            return ExitCode.BadSettings;
        }
        catch (Exception problem) when (problem is HttpRequestException or TaskCanceledException)
        {
            await Console.Error.WriteLineAsync($"The shim does not answer: {problem.Message}");
            return ExitCode.Failed;
        }
    }
}
