using ModelContextProtocol.Protocol;
using Sidecar.Contract;

namespace Sidecar.Shim.Results;

/// <summary>What a model is told when the shim itself is at fault: no detail, which is in the log, but how things stand.</summary>
internal static class OwnFailure
{
    public static CallToolResult Result(Operation operation, Stage stage)
    {
        var change = (operation.Access, stage) switch
        {
            (Contract.Access.Read, _) or (_, Stage.NotSent) => Changed.Nothing,
            (_, Stage.Answered) => "It was carried out, only its answer could not be shown. Do not repeat it.",
            _ => Changed.Unknown,
        };
        return Failure.Of(
            $"{operation.DisplayName} failed because of a fault in the shim, not because of the arguments.",
            change,
            "Tell the user; the shim's log has the details.");
    }
}
