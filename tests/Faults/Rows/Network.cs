using Sidecar.Simulator;
using Sidecar.Tests.Faults.Matrix;
using Sidecar.Tests.Faults.Run;

namespace Sidecar.Tests.Faults.Rows;

/// <summary>What networks do to a call on its way to ServiceDesk Plus and back.</summary>
internal static class Network
{
    private const string Group = "On the way to ServiceDesk Plus";

    public static IEnumerable<FaultRow> Rows =>
    [
        new(Group, "connection refused", Effect.NotSent) { Told = "NOT_SENT", Everywhere = [Sdp(FaultKind.Refuse)] },
        new(Group, "certificate run out", Effect.NotSent) { Told = "NOT_SENT", Everywhere = [Sdp(FaultKind.ExpiredCertificate)] },
        new(Group, "name not found", Effect.Blocked)
        {
            Told = "NOT_SENT",
            Prepare = scene =>
            {
                scene.Credential(credential => credential with { BaseUrl = "https://servicedesk.invalid" });
                scene.Settings["Credential__RefreshInterval"] = "00:00:01";
            },
            Lift = scene =>
            {
                var right = scene.User.Credential with { BaseUrl = scene.Simulator.SdpUrl.OriginalString };
                File.Move(scene.Folder.Write("credential.new", right.ToJson()), scene.Settings["Credential__Path"], overwrite: true);
                return Task.CompletedTask;
            },
        },
        Lost("reset in place of an answer, not done", Sdp(FaultKind.Reset)),
        LostDone("reset in place of an answer, done", Sdp(FaultKind.Reset)),
        LostDone("reset after the headers", Sdp(FaultKind.ResetAfterHeaders)),
        LostDone("reset within the body", Sdp(FaultKind.Truncate)),
        new(Group, "reset after the body", Effect.Harmless) { Struck = Sdp(FaultKind.ResetAfterBody) with { DelayMs = 300 } },
        Lost("silence, not done", Sdp(FaultKind.Hang)),
        LostDone("silence, done", Sdp(FaultKind.Hang)),
        new(Group, "slow drip, within the broker's patience", Effect.Harmless) { Struck = Sdp(FaultKind.Drip) with { DelayMs = 50 } },
        LostDone("slow drip, beyond it", Sdp(FaultKind.Drip) with { DelayMs = 1000 }),
        new(Group, "reset, done, and then nothing can be read", Effect.LostUnseen)
        {
            ReadTold = "NO_ANSWER",
            Struck = Sdp(FaultKind.Reset) with { After = true },
            Before = BlindTo,
        },
        new(Group, "reset, and done after everybody has looked", Effect.Late)
        {
            ReadTold = "NO_ANSWER",
            Struck = Sdp(FaultKind.Late),
            // What was held back takes effect now, all of it before the next call.
            Lift = scene => Scene.UntilAsync(() => scene.Simulator.Journal.Since().Count(HeldBack) == OperationClass.All.Count(operation => operation.Kind != Kind.Reads), "the late writes"),
        },
    ];

    private static bool HeldBack(JournalEntry entry) => entry is { Fault: nameof(FaultKind.Late), Changed: not null };

    private static Fault Sdp(FaultKind kind) => new() { Service = Service.Sdp, Kind = kind };

    private static FaultRow Lost(string name, Fault struck) => new(Group, name, Effect.Lost) { ReadTold = "NO_ANSWER", Struck = struck };

    private static FaultRow LostDone(string name, Fault struck) =>
        new(Group, name, Effect.LostDone) { ReadTold = "NO_ANSWER", Struck = struck with { After = struck.Kind is FaultKind.Reset or FaultKind.Hang } };

    // The list, the record and what is below it; the record is read once before it is changed or answered.
    private static void BlindTo(Scene scene, Call call)
    {
        if (call.Operation.Kind == Kind.Reads) return;
        var blind = Sdp(FaultKind.Reset) with { Method = "GET" };
        scene.Simulator.Faults.Add(blind with { Path = "/requests$" });
        scene.Simulator.Faults.Add(blind with { Path = $"/requests/{call.RequestId}$", Skip = call.Operation == OperationClass.Note ? 0 : 1 });
        scene.Simulator.Faults.Add(blind with { Path = $"/requests/{call.RequestId}/" });
    }
}
