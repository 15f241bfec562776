using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Sidecar.Shim.Hosting;
using Sidecar.Shim.Settings;

namespace Sidecar.Shim.Access.Entra;

/// <summary>Lets in whoever has a token of Entra ID that is the owner's.</summary>
internal sealed partial class EntraHandler(
    TokenCheck check, Challenge challenge, ShimSettings settings, IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "Entra";

    private Refusal _refusal = Refusal.Missing;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Presented.Bearer(Request) is not { } token) return AuthenticateResult.NoResult();
        if (await check.WhyNotAsync(token, Context.RequestAborted) is { } refusal)
        {
            _refusal = refusal;
            return AuthenticateResult.Fail(refusal.Reason);
        }

        // The owner's name and no other claim: nothing of the token goes on from here.
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, settings.Entra!.Owner.Name)], SchemeName);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        LogRefused(Logger, Context.Connection.RemoteIpAddress, _refusal.Reason);
        if (_refusal.Status == StatusCodes.Status503ServiceUnavailable) Response.Headers.RetryAfter = $"{(int)EntraKeys.PauseAfterFailure.TotalSeconds}";
        else if (_refusal.Status == StatusCodes.Status401Unauthorized || _refusal.Error is not null)
            Response.Headers.WWWAuthenticate = challenge.Of(Request, _refusal.Error, _refusal.Error is null ? null : _refusal.Reason);

        return Context.ReplyAsync(_refusal.Status, Code(_refusal.Status), _refusal.Status == StatusCodes.Status401Unauthorized ? $"{_refusal.Reason} {HowTo}" : _refusal.Reason);
    }

    private string HowTo => settings.ApiKeys.Count > 0
        ? $"Sign in with Entra ID, which MCP clients do by the header WWW-Authenticate. {ApiKeyHandler.HowTo}"
        : "Sign in with Entra ID, which MCP clients do by the header WWW-Authenticate.";

    private static string Code(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => "unauthorized",
        StatusCodes.Status403Forbidden => "forbidden",
        _ => "unavailable",
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "Refused a caller from {Remote}: {Reason}")]
    private static partial void LogRefused(ILogger logger, System.Net.IPAddress? remote, string reason);
}
