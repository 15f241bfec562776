using Grpc.Core;
using Microsoft.Extensions.Options;
using Sidecar.Broker.Operations;
using Sidecar.Contract;

namespace Sidecar.Broker.Policy;

/// <summary>Decides which operations are performed.</summary>
internal sealed class PolicyGate(IOptions<PolicyOptions> options)
{
    private const string AlwaysServed = "core";

    /// <summary>True if the operation may be asked for.</summary>
    public bool Allows(Operation operation) => Refusal(operation) is null;

    /// <exception cref="FailureException">Policy refuses the operation.</exception>
    public void Check(Operation operation)
    {
        if (Refusal(operation) is not { } refusal) return;
        throw new FailureException(new Failure(StatusCode.PermissionDenied, "POLICY", $"This broker does not perform {operation.DisplayName}: {refusal}.")
        {
            Next = "Do without it; only the administrator can change the broker's policy.",
        });
    }

    private string? Refusal(Operation operation)
    {
        var policy = options.Value;
        if (operation.Tool is not { } tool) return null;
        if (policy.Deny.Contains(tool.Name)) return "its policy denies this tool";
        if (policy.ReadOnly && operation.Access != Access.Read) return "it is read-only";
        if (tool.Toolset == AlwaysServed) return null;
        if (policy.Toolsets.Length > 0 && !policy.Toolsets.Contains(tool.Toolset)) return $"its policy does not include the toolset {tool.Toolset}";
        if (policy.Allow.Length > 0 && !policy.Allow.Contains(tool.Name)) return "its policy does not include this tool";
        return null;
    }
}
