using Sidecar.Simulator.Hosting;
using Sidecar.Simulator.Sdp.Routes;
using Sidecar.Simulator.Sdp.Wire;
using Route = Sidecar.Simulator.Sdp.Routes.Route;

namespace Sidecar.Simulator.Sdp;

/// <summary>What every call goes through before its own route: portal, Accept, token or key, path, rate, scope.</summary>
internal sealed class SdpApi(World world)
{
    private readonly Pacing _pacing = new(world.Clock);

    public Answer Answer(Exchange exchange)
    {
        try
        {
            return Dispatch(exchange);
        }
        catch (SdpError error)
        {
            exchange.Changed = null;
            return error.Answer;
        }
        catch (Exception odd) when (odd is InvalidOperationException or ArgumentException or FormatException)
        {
            // A value of a kind that no rule expected, such as a key given twice.
            exchange.Changed = null;
            return new SdpError(500, new Problem(4004, null, "Internal Error")).Answer;
        }
    }

    private Answer Dispatch(Exchange exchange)
    {
        // Outside the API, and in portals that do not exist, there is only the web application with its login page.
        if (Locate(exchange) is not var (instance, path))
            return FaultySender.Login;
        var switches = instance.Switches;
        if (!switches.AnyAccept && !Accepts(exchange.Header("Accept")))
            return switches.BadAccept == BadAccept.LoginPage
                ? FaultySender.Login
                : Hosting.Answer.Html("<html><body>HTTP Status 415 - Unsupported Media Type</body></html>", 415);
        return switches.Edition == Edition.OnPrem ? OnPrem(instance, path, exchange) : Cloud(instance, path, exchange);
    }

    private Answer Cloud(Instance instance, string path, Exchange exchange)
    {
        var switches = instance.Switches;
        var token = world.Accounts.Find(exchange.Credential("Zoho-oauthtoken", "Bearer") ?? "");
        exchange.TokenOrdinal = token?.Ordinal;
        if (token is null || !world.Accounts.IsLive(token))
            return Unauthorized(switches.ExpiredToken);
        if (token.Grant.Portal != instance.Name)
            return FaultySender.Login;

        if (RouteTable.Find(exchange.Method, path, switches) is not var (route, values))
            throw SdpError.NotFound();
        if (_pacing.Enter(token.Ordinal, route.Method, route.Template, switches) is { } locked)
            return TooMany(switches, locked);
        if (!token.Allows(route.Scope))
            return OutOfScope(route, switches);
        return route.Handle(new ApiCall(instance, exchange, token.Grant.Email, route, values));
    }

    private Answer OnPrem(Instance instance, string path, Exchange exchange)
    {
        var (switches, now) = (instance.Switches, world.Clock.GetUtcNow());
        if (instance.Keys.IsLocked(switches.KeyFailures, now))
            return Blocked(switches.RateLimitStatus);
        if (instance.Keys.Find(Key(exchange, switches.KeyHeader), now) is not { } email)
            return Unauthorized(switches.ExpiredToken);
        if (exchange.Header("PORTALID") is { } portal && portal != Instance.PortalId)
            throw SdpError.Forbidden();
        if (RouteTable.Find(exchange.Method, path, switches) is not var (route, values))
            throw SdpError.NotFound();
        // Counted by URL, whoever calls.
        if (_pacing.Enter(-1, route.Method, route.Template, switches) is not null)
            return Blocked(switches.RateLimitStatus);
        return route.Handle(new ApiCall(instance, exchange, email, route, values));
    }

    private static string? Key(Exchange exchange, KeyHeader header) =>
        (header != KeyHeader.TechnicianKey ? exchange.Header("authtoken") : null) ?? (header != KeyHeader.Authtoken ? exchange.Header("TECHNICIAN_KEY") : null);

    private (Instance Instance, string Path)? Locate(Exchange exchange)
    {
        const string Api = "/api/v3/";
        var path = exchange.Path;
        var host = exchange.Header("Host")?.Split(':')[0];
        var premises = world.Instances.Values.FirstOrDefault(instance => instance.Switches.Edition == Edition.OnPrem && instance.Host == host);
        if (premises is not null)
            return path.StartsWith(Api, StringComparison.Ordinal) ? (premises, path[(Api.Length - 1)..]) : null;
        if (path.StartsWith(Api, StringComparison.Ordinal))
            path = $"/app/{World.DefaultPortal}{path}";
        var parts = path.Split('/', 4);
        return parts is ["", "app", var portal, var rest]
               && rest.StartsWith(Api[1..], StringComparison.Ordinal)
               && world.Instances.TryGetValue(portal, out var instance)
               && instance.Switches.Edition == Edition.Cloud
            ? (instance, rest[(Api.Length - 2)..])
            : null;
    }

    private static bool Accepts(string? accept) =>
        accept is not null && (accept.Contains("application/vnd.manageengine.sdp.v3+json", StringComparison.OrdinalIgnoreCase)
                               || accept.Contains("application/v3+json", StringComparison.OrdinalIgnoreCase));

    private static Answer Unauthorized(ExpiredToken how) => how switch
    {
        ExpiredToken.Empty => Hosting.Answer.Empty(401),
        ExpiredToken.LoginPage => FaultySender.Login with { Status = 401 },
        _ => new SdpError(401, new Problem(4022, null, "UNAUTHORISED")).Answer,
    };

    private static Answer OutOfScope(Route route, InstanceSwitches switches)
    {
        var oddModule = route.Scope.Contains(".setup.", StringComparison.Ordinal) || route.Scope.Contains(".users.", StringComparison.Ordinal);
        return (oddModule ? switches.MissingScope : MissingScope.Forbidden) switch
        {
            MissingScope.Unauthorized => new SdpError(401, new Problem(4002, null, "User does not have this permission")).Answer,
            MissingScope.NotFound => SdpError.NotFound().Answer,
            _ => SdpError.Forbidden().Answer,
        };
    }

    // The sentence that clients recognise it by; which codes come with it was not recorded.
    private static Answer Blocked(int status) =>
        new SdpError(status, new Problem(4000, null, "URL blocked as maximum access limit for the page is exceeded. Please try after sometime.")).Answer;

    private static Answer TooMany(InstanceSwitches switches, TimeSpan locked)
    {
        var answer = new SdpError(switches.RateLimitStatus, new Problem(4015, null, "API Rate limit reached")).Answer;
        return switches.RateLimitRetryAfter
            ? answer.With("Retry-After", ((int)Math.Ceiling(locked.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture))
            : answer;
    }
}
