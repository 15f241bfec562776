using System.Diagnostics;

namespace Sidecar.Soak.Findings;

/// <summary>Looks on while the load runs: at memory, at the journal, and whether both programs are there.</summary>
internal sealed class Watch(Scene scene, Tally tally)
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(500), WarmUp = TimeSpan.FromSeconds(8);

    private readonly long _start = Stopwatch.GetTimestamp();

    public Memory Broker { get; } = new("broker");

    public Memory Shim { get; } = new("shim");

    public async Task RunAsync(CancellationToken stop)
    {
        var life = scene.LastStart;
        while (!stop.IsCancellationRequested)
        {
            tally.Read(all: false);
            if (life != scene.LastStart)
            {
                life = scene.LastStart;
                Broker.Clear();
                Shim.Clear();
            }

            if (TimeProvider.System.GetUtcNow() - life > WarmUp)
            {
                var at = Stopwatch.GetElapsedTime(_start);
                Broker.Add(at, scene.Broker.ResidentMemory);
                Shim.Add(at, scene.Shim.ResidentMemory);
            }

            await Task.Delay(Every, CancellationToken.None);
        }
    }
}
