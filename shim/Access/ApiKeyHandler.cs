using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Sidecar.Shim.Hosting;

namespace Sidecar.Shim.Access;

/// <summary>Tells callers apart by API key, given as <c>X-API-Key</c> or as a bearer token.</summary>
internal sealed partial class ApiKeyHandler(
    KeyRing keys, Challenge challenge, IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "ApiKey";

    public const string HowTo = "Send an API key as the header X-API-Key, or as Authorization: Bearer KEY. 'shim keygen' makes one.";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Authenticate());

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var wrong = Presented.Key(Request) is not null;
        Response.Headers.WWWAuthenticate = challenge.Of(Request, wrong ? "invalid_token" : null);
        LogRefused(Logger, Context.Connection.RemoteIpAddress, wrong ? "the key is not known" : "there is no key");
        return Context.ReplyAsync(
            StatusCodes.Status401Unauthorized, "unauthorized", wrong ? $"This API key is not known here. {HowTo}" : $"An API key is needed. {HowTo}");
    }

    private AuthenticateResult Authenticate()
    {
        if (keys.IsOpen) return Success(Caller.Local);
        if (Presented.Key(Request) is not { } presented) return AuthenticateResult.NoResult();

        return keys.HolderOf(presented) is { } holder ? Success(holder) : AuthenticateResult.Fail("unknown key");
    }

    private static AuthenticateResult Success(string name)
    {
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, name)], SchemeName);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Refused a caller from {Remote}: {Reason}.")]
    private static partial void LogRefused(ILogger logger, System.Net.IPAddress? remote, string reason);
}
