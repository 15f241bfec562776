using System.Diagnostics;

namespace Sidecar.Density.Measuring;

/// <summary>Memory and CPU of pods that nobody asks anything.</summary>
internal static class Idleness
{
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(75);

    public static async Task MeasureAsync(IReadOnlyList<MeasuredPod> pods, Findings found, CancellationToken cancellationToken)
    {
        var (brokers, shims) = (pods.Select(pod => pod.Broker).ToList(), pods.Select(pod => pod.Shim).ToList());
        var (brokersBefore, shimsBefore) = (await UsedAsync(brokers), await UsedAsync(shims));
        var time = Stopwatch.StartNew();
        await Task.Delay(Watched, cancellationToken);
        var seconds = time.Elapsed.TotalSeconds;
        Tell("pod.broker_idle_cpu", brokersBefore, await UsedAsync(brokers));
        Tell("pod.shim_idle_cpu", shimsBefore, await UsedAsync(shims));
        found.AddMedian("pod.broker_idle", await MemoryAsync(brokers), "MB");
        found.AddMedian("pod.shim_idle", await MemoryAsync(shims), "MB");
        var keepers = brokers.Concat(shims).Select(container => Machine.ShareOf(container.Keeper) / 1e6).ToList();
        Findings.Say($"conmon: {Findings.Median(keepers):0.00} MB a container, {keepers.Sum():0} MB in all; each pod has a third, for its pause");

        // The mean: what a broker does once in minutes, such as reading its secret, counts with its share.
        void Tell(string input, List<double> before, List<double> after)
        {
            var rates = before.Zip(after, (first, last) => (last - first) / seconds).ToList();
            found.Add(input, rates.Average(), "millicores", $"mean of {rates.Count} over {seconds:0} s, median {Findings.Median(rates):0.##}, largest {rates.Max():0.##}");
        }
    }

    public static async Task<List<double>> MemoryAsync(IEnumerable<MeasuredContainer> containers)
    {
        var all = new List<double>();
        foreach (var container in containers) all.Add(await container.MemoryAsync());
        return all;
    }

    private static async Task<List<double>> UsedAsync(IEnumerable<MeasuredContainer> containers)
    {
        var all = new List<double>();
        foreach (var container in containers) all.Add(await container.UsedAsync());
        return all;
    }
}
