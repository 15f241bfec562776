namespace Sidecar.Broker.Credentials;

/// <summary>One user's way into ServiceDesk Plus Cloud, as it is stored in one vault secret.</summary>
/// <param name="ClientId">OAuth client at Zoho.</param>
/// <param name="ClientSecret">Secret of that client.</param>
/// <param name="RefreshToken">Grant of the user; Zoho never rotates it.</param>
/// <param name="AccountsUrl">Zoho accounts server of the data centre that issued the grant.</param>
/// <param name="BaseUrl">The instance. Never derived from the accounts server or from a token reply.</param>
/// <param name="Portal">URL segment of the portal; null for the default portal.</param>
/// <param name="TechnicianEmail">The technician that every call is made as.</param>
/// <param name="Version">Changes whenever any of the others does.</param>
internal sealed record Credential(
    string ClientId,
    Secret ClientSecret,
    Secret RefreshToken,
    Uri AccountsUrl,
    Uri BaseUrl,
    string? Portal,
    string TechnicianEmail,
    string Version)
{
    /// <summary>Kind as the stored JSON spells it.</summary>
    public const string Kind = "cloud";

    /// <summary>Where the API begins, with a trailing slash.</summary>
    public Uri ApiUrl { get; } = new(BaseUrl, Portal is null ? "/api/v3/" : $"/app/{Uri.EscapeDataString(Portal)}/api/v3/");

    /// <summary>True if calls with either are made as the same technician at the same instance.</summary>
    public bool ActsAs(Credential other) =>
        ApiUrl == other.ApiUrl && string.Equals(TechnicianEmail, other.TechnicianEmail, StringComparison.OrdinalIgnoreCase);
}
