using Sidecar.Tests.Containers.Harness;

namespace Sidecar.Density.Measuring;

/// <summary>A container with its processes, asked of podman once: a few hundred inspections would be load of their own.</summary>
internal sealed record MeasuredContainer(RunningContainer Container, int Program, int Keeper)
{
    public static async Task<MeasuredContainer> OfAsync(RunningContainer container)
    {
        var (program, keeper) = await container.ProcessesAsync();
        return new MeasuredContainer(container, program, keeper);
    }

    /// <summary>Working set in MB.</summary>
    public async Task<double> MemoryAsync() => await ControlGroup.WorkingSetAsync(Program) / 1e6;

    /// <summary>CPU time used so far in milliseconds.</summary>
    public async Task<double> UsedAsync() => (await ControlGroup.ProcessorTimeAsync(Program)).TotalMilliseconds;
}
