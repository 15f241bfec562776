using Sidecar.Simulator;
using Sidecar.Tests.Faults.Matrix;
using Sidecar.Tests.Faults.Run;

namespace Sidecar.Tests.Faults.Rows;

/// <summary>Key Vault, before the credential was read for the first time and afterwards.</summary>
internal static class Vaults
{
    private const string Group = "Key Vault";

    private static readonly (int Status, string Code, string Says)[] Errors =
    [
        (401, "Unauthorized", "does not accept"), (403, "Forbidden", "may not read"), (404, "SecretNotFound", "no secret"), (409, "Conflict", "409"),
        (429, "Throttled", "too many calls"), (503, "ServiceUnavailable", "503"),
    ];

    public static IEnumerable<FaultRow> Rows =>
    [
        .. Errors.Select(error => AtStart($"{error.Status} at the start", Answer(error.Status, error.Code), error.Says)),
        AtStart("refuses connections at the start", Vault(FaultKind.Refuse), "does not answer"),
        AtStart("certificate run out at the start", Vault(FaultKind.ExpiredCertificate), "does not answer"),
        AtStart("Entra refuses the identity at the start", new Fault
        {
            Service = Service.Entra, Kind = FaultKind.Status, Status = 401, Body = """{"error":"invalid_client","error_description":"AADSTS700211: No matching federated identity record found."}""",
        }, "did not accept the broker's identity"),
        .. Errors.Where(error => error.Status != 404).Select(error => Later($"{error.Status} later on", Answer(error.Status, error.Code))),
        Ended("secret deleted later on", "CREDENTIAL_DELETED", Answer(404, "SecretNotFound")),
        Ended("secret disabled later on", "CREDENTIAL_DISABLED", Answer(403, "Forbidden", "SecretDisabled")),
        Later("silent later on", Vault(FaultKind.Hang)),
        Later("cuts connections later on", Vault(FaultKind.Reset)),
    ];

    private static FaultRow AtStart(string name, Fault fault, string says) => new(Group, name, Effect.Blocked)
    {
        Says = says, StartsBroken = true, FromStart = [fault], Prepare = scene => scene.UseVault(),
    };

    // The vault's own word that the user is out; taken back, calls go on by themselves.
    private static FaultRow Ended(string name, string told, Fault fault)
    {
        var later = Later(name, fault);
        return later with
        {
            Effect = Effect.Blocked,
            Told = told,
            Begin = async scene =>
            {
                await later.Begin!(scene);
                await Scene.UntilAsync(() => scene.Broker.Output.Contains("is out of use", StringComparison.Ordinal), "the credential to go out of use");
            },
        };
    }

    private static FaultRow Later(string name, Fault fault) => new(Group, name, Effect.Harmless)
    {
        Everywhere = [fault],
        Prepare = scene =>
        {
            scene.UseVault();
            scene.Settings["Credential__RefreshInterval"] = "00:00:01";
        },
        Begin = scene => Scene.UntilAsync(() => scene.Simulator.Journal.Since().Any(entry => entry is { Service: Service.Vault, Fault: not null }), "the vault to be asked again"),
    };

    private static Fault Answer(int status, string code, string inner = "") => Vault(FaultKind.Status) with
    {
        Status = status,
        Body = inner.Length == 0
            ? $$$"""{"error":{"code":"{{{code}}}","message":"An error of the vault."}}"""
            : $$$"""{"error":{"code":"{{{code}}}","message":"An error of the vault.","innererror":{"code":"{{{inner}}}"} } }""",
    };

    private static Fault Vault(FaultKind kind) => new() { Service = Service.Vault, Kind = kind };
}
