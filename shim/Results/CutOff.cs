using ModelContextProtocol.Protocol;
using Sidecar.Contract;

namespace Sidecar.Shim.Results;

/// <summary>What a model is told whose call the end of the shim broke off: a change may be on its way, and the broker sees it through.</summary>
internal static class CutOff
{
    public static CallToolResult Result(Operation operation) => operation.Access == Contract.Access.Read
        ? Failure.Of(What(operation), Changed.Nothing, "Try again in a moment.")
        : Failure.Of(What(operation), Changed.Unknown, NextStep.Check);

    private static string What(Operation operation) => $"{operation.DisplayName} failed: the shim was stopped before the call was done.";
}
