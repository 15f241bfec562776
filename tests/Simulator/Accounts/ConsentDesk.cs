using Sidecar.Simulator.Hosting;

namespace Sidecar.Simulator.Accounts;

/// <summary>The authorization endpoint: asks a person, and sends their answer to the client by a redirect.</summary>
internal sealed class ConsentDesk(World world, ZohoAccounts accounts)
{
    /// <summary>Where the page's form goes; the client never sees it.</summary>
    public const string Decided = "/oauth/v2/auth/decision";

    // Keyed by a one-time ticket in the page, so that only who saw the page can answer it.
    private readonly Dictionary<string, Asked> _asked = [];

    internal sealed record Asked(
        ZohoClient Client, string RedirectUri, IReadOnlyList<string> Scopes, string? State, bool Offline, PkceChallenge? Challenge);

    public void Clear() => _asked.Clear();

    public Answer Ask(Func<string, string> parameter)
    {
        if (accounts.Client(parameter("client_id")) is not { } client)
            return ConsentPage.Error("Invalid client", "The client ID passed does not exist.");
        var redirect = parameter("redirect_uri");
        if (!client.RedirectUris.Any(registered => Fits(registered, redirect)))
            return ConsentPage.Error("Invalid redirect URI", "The redirect URI passed does not match with the one configured.");
        if (parameter("response_type") != "code")
            return ConsentPage.Error("Invalid response type", "The response type passed is not supported.");
        string[] scopes = [.. parameter("scope").Split([',', ' '], StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.OrdinalIgnoreCase)];
        if (scopes.Length == 0 || scopes.FirstOrDefault(scope => !Scopes.IsKnown(scope)) is not null)
            return ConsentPage.Error("Invalid OAuth scope", "The scope passed does not exist.");
        if (!PkceChallenge.TryRead(parameter("code_challenge"), parameter("code_challenge_method"), out var challenge))
            return ConsentPage.Error("Invalid code challenge method", "The code challenge method passed is not supported.");

        var offline = parameter("access_type") == "offline" && parameter("prompt") == "consent";
        var state = parameter("state") is { Length: > 0 } given ? given : null;
        var ticket = Fakes.Hex(16);
        _asked[ticket] = new Asked(client, redirect, scopes, state, offline, challenge);
        return ConsentPage.Ask(ticket, _asked[ticket], world.Instances[client.Portal]);
    }

    public Answer Decide(Exchange exchange)
    {
        string Field(string name) => exchange.Form.GetValueOrDefault(name) ?? "";
        if (!_asked.TryGetValue(Field("ticket"), out var asked))
            return ConsentPage.Error("Invalid request", "This request has been answered already, or it never was made.");
        if (!world.Instances[asked.Client.Portal].HasTechnician(Field("technician")))
            return ConsentPage.Error("Invalid user", "There is no such user.");
        _asked.Remove(Field("ticket"));
        if (Field("decision") != "accept" || !accounts.MayMakeCode(asked.Client))
            return Back(asked, [new("error", "access_denied")]);

        var code = accounts.Add(
            new GrantCode(Fakes.ZohoToken(), asked.Client, Field("technician"), asked.Scopes, world.Clock.GetUtcNow().AddMinutes(10))
            {
                Offline = asked.Offline,
                RedirectUri = asked.RedirectUri,
                Challenge = asked.Challenge,
            });
        exchange.Changed = "grant code";
        return Back(asked, [new("code", code), new("location", accounts.Switches.Location), new("accounts-server", world.Urls!.Accounts.OriginalString)]);
    }

    private bool Fits(string registered, string given) =>
        registered == given
        || (accounts.Switches.AnyLoopbackPort
            && Uri.TryCreate(registered, UriKind.Absolute, out var known)
            && Uri.TryCreate(given, UriKind.Absolute, out var asked)
            && known is { Scheme: "http", Host: "127.0.0.1" or "localhost" }
            && new UriBuilder(asked) { Port = known.Port }.Uri.AbsoluteUri == known.AbsoluteUri);

    private static Answer Back(Asked asked, List<KeyValuePair<string, string>> parameters)
    {
        if (asked.State is not null)
            parameters.Add(new("state", asked.State));
        var query = string.Join('&', parameters.Select(one => $"{one.Key}={Uri.EscapeDataString(one.Value)}"));
        return Answer.Empty(302).With("Location", $"{asked.RedirectUri}{(asked.RedirectUri.Contains('?') ? '&' : '?')}{query}");
    }
}
