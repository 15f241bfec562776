using System.Text.Json.Nodes;
using Sidecar.Simulator.Hosting;

namespace Sidecar.Simulator;

/// <summary>Ends a vault operation with Key Vault's error body.</summary>
internal sealed class VaultError(int status, string code, string message, string? inner = null) : Exception(message)
{
    public Answer Answer => Body(status, code, Message, inner);

    public static Answer Body(int status, string code, string message, string? inner = null)
    {
        var error = new JsonObject { ["code"] = code, ["message"] = message };
        if (inner is not null)
            error["innererror"] = new JsonObject { ["code"] = inner };
        return Hosting.Answer.Json(new JsonObject { ["error"] = error }, status);
    }
}
