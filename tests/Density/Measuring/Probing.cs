namespace Sidecar.Density.Measuring;

/// <summary>
/// What probes cost, by the containers' accounts: the program itself, and the runtime's part inside the container. What the runtime does
/// outside is podman's here and containerd's on a node, and is not in it.
/// </summary>
internal static class Probing
{
    private const int Pods = 5, Execs = 20, Gets = 400;
    private const string Nothing = "/nothing";

    public static async Task MeasureAsync(IReadOnlyList<MeasuredPod> all, Findings found, CancellationToken cancellationToken)
    {
        var (brokers, shims, gets, runtime) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        foreach (var pod in all.Take(Pods))
        {
            brokers.Add(await OneAsync(pod.Broker.UsedAsync, Execs, () => ExecAsync(pod.Broker, "broker"), cancellationToken));
            shims.Add(await OneAsync(pod.Shim.UsedAsync, Execs, () => ExecAsync(pod.Shim, "shim"), cancellationToken));
            runtime.Add(await OneAsync(pod.Broker.UsedAsync, Execs, () => pod.Broker.Container.ExecAsync(Nothing), cancellationToken));
            gets.Add(await OneAsync(pod.UsedAsync, Gets, () => GetAsync(pod), cancellationToken));
        }

        found.AddMedian("probe.exec_broker", brokers, "ms CPU");
        found.AddMedian("probe.exec_shim", shims, "ms CPU");
        Findings.Say($"of an exec probe the runtime's part inside the container: {Findings.Median(runtime):0.0} ms CPU, by executing what is not there");
        found.AddMedian("probe.http", gets, "ms CPU");
    }

    private static async Task<double> OneAsync(Func<Task<double>> used, int times, Func<Task> probe, CancellationToken cancellationToken)
    {
        var before = await used();
        for (var time = 0; time < times; time++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await probe();
        }

        return (await used() - before) / times;
    }

    private static async Task ExecAsync(MeasuredContainer container, string program)
    {
        var result = await container.Container.ExecAsync(program, "health");
        if (result.ExitCode != 0) throw new InvalidOperationException($"{program} health ended with {result.ExitCode}: {result.Errors}{result.Output}");
    }

    private static async Task GetAsync(MeasuredPod pod)
    {
        var (isGood, words) = await pod.Pod.Readiness.RunAsync();
        if (!isGood) throw new InvalidOperationException($"/readyz: {words}");
    }
}
