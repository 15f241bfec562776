using System.Globalization;
using Sidecar.Tests.Containers.Harness;

namespace Sidecar.Tests.Containers.Pods.Running;

/// <summary>What a pod's status tells of a container.</summary>
internal sealed record ContainerState(string Status, int ExitCode, int Pid, int Restarts)
{
    public static async Task<ContainerState> OfAsync(RunningContainer container)
    {
        var words = (await container.InspectAsync("{{.State.Status}} {{.State.ExitCode}} {{.State.Pid}} {{.RestartCount}}")).Split(' ');
        return new ContainerState(words[0], Number(words[1]), Number(words[2]), Number(words[3]));
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
