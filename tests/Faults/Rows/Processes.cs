using Sidecar.Simulator;
using Sidecar.Tests.Faults.Matrix;
using Sidecar.Tests.Faults.Run;

namespace Sidecar.Tests.Faults.Rows;

/// <summary>The pair itself: killed or frozen while a call is on its way.</summary>
internal static class Processes
{
    private const string Group = "The pair";

    public static IEnumerable<FaultRow> Rows =>
    [
        Killed("broker killed with -9, not done", after: false),
        Killed("broker killed with -9, done", after: true),
        new(Group, "shim killed with -9", Effect.ShimGone)
        {
            OneByOne = true,
            Struck = Sdp(FaultKind.Delay) with { DelayMs = 300 },
            During = async (scene, call) =>
            {
                await scene.ArrivedAsync(call);
                scene.Shim.Kill();
            },
            After = async (scene, call) =>
            {
                // The broker sees a write through.
                if (call.Operation.Kind != Kind.Reads) await Scene.UntilAsync(() => call.Done(scene.Instance) > 0, $"{call.Operation.Name} to be done");
                await scene.RestartShimAsync();
            },
        },
        Paused("broker frozen for a second", TimeSpan.FromSeconds(1)),
        Paused("broker frozen for longer than its patience", TimeSpan.FromSeconds(4)),
        new(Group, "broker frozen for longer than the shim's patience", Effect.BrokerStill)
        {
            OneByOne = true,
            Prepare = scene => scene.ShimSettings["Shim__CallTimeout"] = "00:00:02",
            Before = (scene, _) => scene.Broker.Pause(),
            After = (scene, _) =>
            {
                scene.Broker.Resume();
                return Task.CompletedTask;
            },
        },
    ];

    private static FaultRow Killed(string name, bool after) => new(Group, name, Effect.BrokerGone)
    {
        OneByOne = true,
        Struck = Sdp(FaultKind.Hang) with { After = after },
        During = async (scene, call) =>
        {
            await scene.ArrivedAsync(call);
            if (after && call.Operation.Kind != Kind.Reads) await Scene.UntilAsync(() => call.Done(scene.Instance) > 0, $"{call.Operation.Name} to be done");
            scene.Broker.Kill();
        },
        After = (scene, _) => scene.RestartBrokerAsync(),
    };

    private static FaultRow Paused(string name, TimeSpan pause) => new(Group, name, Effect.Harmless)
    {
        OneByOne = true,
        Struck = Sdp(FaultKind.Delay) with { DelayMs = 300, Times = 1 },
        During = async (scene, call) =>
        {
            await scene.ArrivedAsync(call);
            scene.Broker.Pause();
            await Task.Delay(pause, CancellationToken.None);
            scene.Broker.Resume();
        },
    };

    private static Fault Sdp(FaultKind kind) => new() { Service = Service.Sdp, Kind = kind };
}
