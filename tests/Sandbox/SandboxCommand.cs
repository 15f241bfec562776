using Sidecar.Sandbox.Processes;

namespace Sidecar.Sandbox;

/// <summary>Starts everything, tells where it is, and keeps it up.</summary>
internal static class SandboxCommand
{
    public static async Task<int> RunAsync(SandboxOptions options, CancellationToken cancellationToken)
    {
        try
        {
            if (options.Empty)
            {
                await using var vault = await EmptyVault.StartAsync(options, cancellationToken);
                Console.WriteLine(vault.Instructions);
                return await WatchAsync([vault.Process], cancellationToken);
            }

            await using var run = await SandboxRun.StartAsync(options, cancellationToken);
            if (options.ReadyFile is not null) await WriteWholeAsync(options.ReadyFile, run.Describe().ToJsonString(), cancellationToken);
            if (options.Check) return await Check.RunAsync(run, cancellationToken) ? 0 : 1;

            Console.WriteLine(Announcement.Of(run));
            return await WatchAsync(run.Processes, cancellationToken);
        }
        catch (Exception exception) when (exception is InvalidOperationException or FileNotFoundException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return 0;
        }
    }

    private static async Task<int> WatchAsync(IReadOnlyList<ChildProcess> processes, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (processes.FirstOrDefault(process => process.HasExited) is { } gone)
            {
                await Console.Error.WriteLineAsync($"{gone.Name} ended by itself:\n{gone.Output}");
                return 1;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(500), cancellationToken);
        }
    }

    private static async Task WriteWholeAsync(string path, string content, CancellationToken cancellationToken)
    {
        // A reader sees no file or the whole one.
        await File.WriteAllTextAsync(path + ".tmp", content, cancellationToken);
        File.Move(path + ".tmp", path, overwrite: true);
    }
}
