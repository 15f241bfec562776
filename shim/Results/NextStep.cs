using Grpc.Core;

namespace Sidecar.Shim.Results;

/// <summary>What to do next where the broker did not say.</summary>
internal static class NextStep
{
    public const string Check = "Read the record, or search for it, to see whether the change is there; repeat the call only if it is not.";

    public static string For(StatusCode code) => code switch
    {
        StatusCode.InvalidArgument or StatusCode.OutOfRange => "Correct the arguments and call again.",
        StatusCode.NotFound => "Check the number or id, or search for the record.",
        StatusCode.AlreadyExists => "Look at the record that is there before doing anything else.",
        StatusCode.PermissionDenied => "Do not try again; tell the user what is not allowed.",
        StatusCode.Unauthenticated => "Do not try again; whoami says what is wrong with the credential and who can mend it.",
        StatusCode.ResourceExhausted => "Wait before another try, and ask for less at a time.",
        StatusCode.FailedPrecondition or StatusCode.Aborted => "Read the record to see how it stands, then decide.",
        StatusCode.Unavailable => "Try again in a moment; if it goes on, tell the user.",
        StatusCode.DeadlineExceeded or StatusCode.Cancelled => "Try again, asking for less at a time.",
        StatusCode.Unimplemented => "Tell the user: the shim and the broker are of different versions.",
        _ => "Call whoami to see whether the connection works; if it goes on, tell the user.",
    };
}
