using System.Diagnostics;
using Sidecar.Density.Fleet;
using Sidecar.Density.Measuring;
using Sidecar.Tests.Containers.Pods.Running;

namespace Sidecar.Density;

/// <summary>Starts the pods, measures them idle, probed and used, and removes them whatever happened.</summary>
internal static class DensityCommand
{
    // Until what a start has left behind is done.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(20);

    public static async Task<int> RunAsync(DensityOptions options, CancellationToken cancellationToken)
    {
        // The images of tests/Containers are built from there.
        Environment.SetEnvironmentVariable("SIDECAR_BINARIES", options.Binaries.FullName);
        var watch = Stopwatch.StartNew();
        try
        {
            await using (var stage = await PodStage.SetAsync(options.Pods, oneNetwork: true))
            {
                await using var pods = new PodFleet(stage, options);
                var found = new Findings();
                try
                {
                    await MeasureAsync(pods, found, cancellationToken);
                }
                finally
                {
                    if (options.Output is { } file) await File.WriteAllTextAsync(file.FullName, found.ToJson(), CancellationToken.None);
                }

                Console.WriteLine($"Measured within {watch.Elapsed.TotalMinutes:0.0} minutes; removing the pods.");
            }

            Console.WriteLine($"All in all: {watch.Elapsed.TotalMinutes:0.0} minutes.");
            return 0;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Stopped; the pods are removed.");
            return 130;
        }
        catch (Exception exception) when (exception is InvalidOperationException or IOException or TimeoutException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
    }

    private static async Task MeasureAsync(PodFleet fleet, Findings found, CancellationToken cancellationToken)
    {
        await fleet.StartAsync(cancellationToken);
        if (fleet.Pods.Count == 0) throw new InvalidOperationException("No pod was started.");
        Starts.Tell(fleet, found);
        Console.WriteLine($"Letting them settle, then watching them idle.");

        await Task.Delay(Settling, cancellationToken);
        Growth.Tell(fleet, found);
        var pods = new List<MeasuredPod>();
        foreach (var pod in fleet.Pods) pods.Add(await MeasuredPod.OfAsync(pod));
        await Idleness.MeasureAsync(pods, found, cancellationToken);
        Console.WriteLine("Probing.");
        await Probing.MeasureAsync(pods, found, cancellationToken);
        Console.WriteLine("Calling tools.");
        await Use.MeasureAsync(pods, fleet.RequestIds, found, cancellationToken);
    }
}
