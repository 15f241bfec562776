using static Sidecar.Tests.Faults.Matrix.Claim;
using static Sidecar.Tests.Faults.Matrix.Kind;

namespace Sidecar.Tests.Faults.Matrix;

/// <summary>What follows from a fault for a call: the promise of the broker, in one table.</summary>
internal static class Rules
{
    public static Expectation Of(FaultRow row, OperationClass operation) =>
        row.Except.TryGetValue(operation, out var special) ? special : Of(row, operation.Kind);

    private static Expectation Of(FaultRow row, Kind kind)
    {
        var (sent, once) = kind == Reads ? (0, 0) : (row.Writes, 1);
        return (row.Effect, kind) switch
        {
            (Effect.Harmless, _) => new(Done, null, sent, once, Next.GoesOn),
            (Effect.NotSent, _) => new(Nothing, row.Told, 0, 0, Next.Repeats),
            (Effect.Blocked, _) => new(Nothing, row.Told, 0, 0, Next.Heals),
            (Effect.Final, _) => new(Nothing, row.Told, sent, 0, Next.StillRefused),
            (Effect.Throttled, _) => new(Nothing, row.Told, sent, 0, Next.StillRefused),
            (Effect.ThrottledShortly, _) => new(Nothing, row.Told, sent, 0, Next.Heals),
            (Effect.Refused, _) => new(Nothing, row.Told, sent, 0, Next.Repeats),
            (Effect.Failed, _) => new(Nothing, row.Told, sent, 0, Next.Repeats),

            // A read that fails has changed nothing, whatever became of its answer.
            (Effect.BrokerGone or Effect.BrokerStill, Reads) => new(Nothing, null, 0, 0, Next.GoesOn),
            (Effect.ShimGone, Reads) => new(Silence, null, 0, 0, Next.GoesOn),
            (_, Reads) => new(Nothing, row.ReadTold ?? row.Told, 0, 0, Next.Repeats),

            // What took effect is found, and told as done.
            (Effect.FailedDone or Effect.LostDone, _) => new(Done, null, sent, 1, Next.GoesOn),

            // Nothing is there: it may still come, so a second one is not sent. A state that is asked for again does no harm.
            (Effect.Lost, Adds) => new(Unknown, null, sent, 0, Next.ToldAgain),
            (Effect.Lost, _) => new(Unknown, null, sent, 0, Next.Repeats),
            (Effect.LostUnseen, Adds) => new(Unknown, null, sent, 1, Next.Found),
            (Effect.LostUnseen, _) => new(Unknown, null, sent, 1, Next.GoesOn),
            (Effect.Late, Adds) => new(Unknown, null, sent, 0, Next.Found),
            (Effect.Late, _) => new(Unknown, null, sent, 0, Next.GoesOn),

            // An answer, and not the whole truth: the records decide.
            (Effect.Lied, Adds) => new(Unknown, null, sent, 0, Next.ToldAgain),
            (Effect.Warned or Effect.Lied, _) => new(Nothing, "NOT_APPLIED", sent, 0, Next.Repeats),
            // It is there; how much of it was left out, nobody can read.
            (Effect.WarnedDone, Adds) => new(Partly, "NOT_APPLIED", sent, 1, Next.GoesOn),
            (Effect.WarnedDone, _) => new(Done, null, sent, 1, Next.GoesOn),

            (Effect.BrokerGone or Effect.BrokerStill, _) => new(Unknown, null, sent, null, Next.GoesOn),
            (Effect.ShimGone, _) => new(Silence, null, sent, 1, Next.GoesOn),
            _ => throw new ArgumentOutOfRangeException(nameof(row), row.Effect, "has no rule"),
        };
    }
}
