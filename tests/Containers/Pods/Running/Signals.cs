using System.Diagnostics;
using Sidecar.Tests.Containers.Harness;

namespace Sidecar.Tests.Containers.Pods.Running;

/// <summary>What happens to a container's program from outside, without podman's knowing beforehand.</summary>
internal static class Signals
{
    /// <summary>kill -9. A kill through podman would count as stopped by its user, and the restart policy would not hold.</summary>
    public static async Task KillProgramAsync(this RunningContainer container)
    {
        using var process = Process.GetProcessById(await container.PidAsync());
        process.Kill();
    }
}
