namespace Sidecar.Broker.Credentials;

/// <summary>A way into ServiceDesk Plus Cloud: a grant at Zoho, which access tokens are made from.</summary>
/// <param name="ClientId">OAuth client at Zoho.</param>
/// <param name="ClientSecret">Secret of that client.</param>
/// <param name="RefreshToken">Grant of the user; Zoho never rotates it.</param>
/// <param name="AccountsUrl">Zoho accounts server of the data centre that issued the grant.</param>
/// <param name="BaseUrl">The instance.</param>
/// <param name="Portal">URL segment of the portal; null for the default portal.</param>
/// <param name="TechnicianEmail">The technician that every call is made as.</param>
/// <param name="Version">Changes whenever any of the others does.</param>
internal sealed record CloudCredential(
    string ClientId,
    Secret ClientSecret,
    Secret RefreshToken,
    Uri AccountsUrl,
    Uri BaseUrl,
    string? Portal,
    string TechnicianEmail,
    string Version) : Credential(BaseUrl, Portal, TechnicianEmail, Version)
{
    public const string KindName = "cloud";

    public override string Kind => KindName;

    public override Uri ApiUrl { get; } = new(BaseUrl, Portal is null ? "/api/v3/" : $"/app/{Uri.EscapeDataString(Portal)}/api/v3/");

    public override IReadOnlyList<Secret> Secrets { get; } = [ClientSecret, RefreshToken];
}
