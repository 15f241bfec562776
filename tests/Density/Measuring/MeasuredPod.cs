using Sidecar.Tests.Containers.Pods.Running;

namespace Sidecar.Density.Measuring;

internal sealed record MeasuredPod(RunningPod Pod, MeasuredContainer Broker, MeasuredContainer Shim)
{
    public static async Task<MeasuredPod> OfAsync(RunningPod pod) =>
        new(pod, await MeasuredContainer.OfAsync(pod.Broker), await MeasuredContainer.OfAsync(pod.Shim));

    /// <summary>CPU time that both have used so far, in milliseconds.</summary>
    public async Task<double> UsedAsync() => await Broker.UsedAsync() + await Shim.UsedAsync();
}
