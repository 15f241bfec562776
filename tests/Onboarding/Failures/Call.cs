using System.Text.RegularExpressions;
using Sidecar.Simulator;

namespace Sidecar.Tests.Onboarding.Failures;

/// <summary>One kind of call that a command makes.</summary>
/// <param name="Name">What it is for.</param>
/// <param name="Service">Who is asked.</param>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Regular expression of its path. Calls of one path are told apart by their place in the sequence.</param>
internal sealed record Call(string Name, Service Service, string Method, string Path)
{
    private const string Secret = "^/secrets/[^/]+/?$", Version = "^/secrets/[^/]+/[0-9a-f]{32}$", Tokens = "^/oauth/v2/token$";

    /// <summary>Sent without a token: the answer says where one is to be had.</summary>
    public static readonly Call Challenge = new("vault: what token it wants", Service.Vault, "GET", Secret);

    /// <summary>The same where a list is the first call.</summary>
    public static readonly Call ListChallenge = new("vault: what token it wants", Service.Vault, "GET", "^/secrets/?$");

    public static readonly Call SignIn = new("Entra: sign in", Service.Entra, "POST", "/token$");
    public static readonly Call Read = new("vault: read the secret", Service.Vault, "GET", Secret);
    public static readonly Call ReadBack = new("vault: read it back", Service.Vault, "GET", Secret);
    public static readonly Call ReadDeleted = new("vault: is it among the deleted", Service.Vault, "GET", "^/deletedsecrets/[^/]+/?$");
    public static readonly Call ReadVersion = new("vault: read a version", Service.Vault, "GET", Version);
    public static readonly Call Versions = new("vault: list its versions", Service.Vault, "GET", "^/secrets/[^/]+/versions/?$");
    public static readonly Call List = new("vault: list the secrets", Service.Vault, "GET", "^/secrets/?$");
    public static readonly Call Write = new("vault: write the secret", Service.Vault, "PUT", Secret);
    public static readonly Call SwitchOff = new("vault: switch the version off", Service.Vault, "PATCH", Version);
    public static readonly Call Tag = new("vault: bring the tags up to date", Service.Vault, "PATCH", Version);
    public static readonly Call Delete = new("vault: delete the secret", Service.Vault, "DELETE", Secret);
    public static readonly Call Exchange = new("Zoho: exchange the code", Service.Accounts, "POST", Tokens);
    public static readonly Call Refresh = new("Zoho: make an access token", Service.Accounts, "POST", Tokens);
    public static readonly Call Owner = new("Zoho: whose grant it is", Service.Accounts, "GET", "^/oauth/user/info$");
    public static readonly Call Revoke = new("Zoho: revoke the grant", Service.Accounts, "POST", "^/oauth/v2/token/revoke$");
    public static readonly Call Requests = new("ServiceDesk Plus: read a request", Service.Sdp, "GET", "/requests$");

    /// <summary>True if a request that the simulator saw is of this kind.</summary>
    public bool Fits(JournalEntry entry) => entry.Service == Service && entry.Method == Method && Regex.IsMatch(entry.Path, Path);

    /// <summary>True if a fault for one of them meets the other as well.</summary>
    public bool IsLike(Call other) => (Service, Method, Path) == (other.Service, other.Method, other.Path);
}
