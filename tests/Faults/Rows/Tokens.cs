using Sidecar.Simulator;
using Sidecar.Tests.Faults.Matrix;

namespace Sidecar.Tests.Faults.Rows;

/// <summary>Zoho's token endpoint, and what ServiceDesk Plus thinks of the tokens.</summary>
internal static class Tokens
{
    private const string Group = "Access tokens";
    private const string Throttled = """{"error_description":"You have made too many requests continuously. Please try again after some time.","error":"Access Denied","status":"failure"}""";
    private const string ThrottledInChinese = """{"error_description":"您连续发出的请求过多。请稍后重试。","error":"拒绝访问","status":"failure"}""";

    public static IEnumerable<FaultRow> Rows =>
    [
        .. new[] { "invalid_code", "invalid_client", "invalid_client_secret", "invalid_scope" }.Select(error => Final($"{error} with HTTP 200", "CREDENTIAL_REFUSED", 200, Error(error))),
        Final("general_error with HTTP 200", "TOKEN_UNAVAILABLE", 200, Error("general_error")),
        .. new[] { 400, 200 }.Select(status => Final($"too many requests with HTTP {status}", "TOKEN_THROTTLED", status, Throttled) with { Says = "Wait " }),
        Final("too many requests, in Chinese", "TOKEN_THROTTLED", 200, ThrottledInChinese) with { Says = "Wait " },
        Final("access_denied", "TOKEN_THROTTLED", 400, Error("access_denied")) with { Says = "Wait " },
        Away("token endpoint refuses connections", Zoho(FaultKind.Refuse)),
        Away("token endpoint's certificate run out", Zoho(FaultKind.ExpiredCertificate)),
        Away("token endpoint is silent", Zoho(FaultKind.Hang)),
        Away("token endpoint cuts connections", Zoho(FaultKind.Reset)),
        Away("token endpoint answers HTML", Zoho(FaultKind.Html)),
        Away("token endpoint answers HTTP 500", Zoho(FaultKind.Status) with { Status = 500 }),
        Away("token endpoint answers HTTP 503", Zoho(FaultKind.Status) with { Status = 503 }),
        Away("token endpoint answers cut JSON", Zoho(FaultKind.Body) with { Body = """{"access_token":"1000.""" }),
        Away("token endpoint answers without a token", Zoho(FaultKind.Body) with { Body = "{}" }),
        .. Enum.GetValues<ExpiredToken>().Select(Expired),
        Dead("token expired, and the grant is revoked", "CREDENTIAL_REFUSED", Error("invalid_code")),
        Dead("token expired, and Zoho wants a pause", "TOKEN_THROTTLED", Throttled),
        new(Group, "ServiceDesk Plus takes no token", Effect.Final)
        {
            // Renewed once, sent with the new one, and then not at all for a while.
            Told = "TOKEN_REJECTED", Writes = 2,
            Everywhere = [new Fault { Service = Service.Sdp, Kind = FaultKind.Status, Status = 401, Body = Bodies.Status("object", 4000, "failed", 4022) }],
        },
        new(Group, "grant without the scopes to write", Effect.Refused)
        {
            Told = "FORBIDDEN",
            Prepare = scene => scene.Credential(credential => credential, ["SDPOnDemand.requests.READ", "SDPOnDemand.setup.READ"]),
            Except = OperationClass.All.ToDictionary(operation => operation, operation => operation.Kind == Kind.Reads
                ? new Expectation(Claim.Done, null, 0, 0, Next.GoesOn)
                : new Expectation(Claim.Nothing, "FORBIDDEN", 1, 0, Next.RefusedAgain)),
        },
    ];

    private static FaultRow Final(string name, string told, int status, string body) => new(Group, name, Effect.Final)
    {
        Told = told, StartsBroken = true, FromStart = [Zoho(FaultKind.Status) with { Status = status, Body = body }],
    };

    private static FaultRow Away(string name, Fault fault) => new(Group, name, Effect.Blocked) { Told = "TOKEN_UNAVAILABLE", StartsBroken = true, FromStart = [fault] };

    private static FaultRow Expired(ExpiredToken how) => new(Group, $"token expired early, told as {Words(how)}", Effect.Harmless)
    {
        // The first is refused before it is looked at.
        Writes = 2,
        Begin = scene =>
        {
            scene.Instance.Switches = scene.Instance.Switches with { ExpiredToken = how };
            scene.Simulator.Accounts.ExpireAccessTokens();
            return Task.CompletedTask;
        },
    };

    private static FaultRow Dead(string name, string told, string body) => new(Group, name, Effect.Final)
    {
        Told = told,
        Everywhere = [Zoho(FaultKind.Body) with { Body = body }],
        Begin = scene =>
        {
            scene.Simulator.Accounts.ExpireAccessTokens();
            return Task.CompletedTask;
        },
    };

    private static string Words(ExpiredToken how) => how switch
    {
        ExpiredToken.Json => "4022 with HTTP 401",
        ExpiredToken.Empty => "HTTP 401 without a body",
        _ => "a login page with HTTP 401",
    };

    private static string Error(string error) => $$"""{"error":"{{error}}"}""";

    private static Fault Zoho(FaultKind kind) => new() { Service = Service.Accounts, Kind = kind };
}
