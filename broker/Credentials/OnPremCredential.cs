namespace Sidecar.Broker.Credentials;

/// <summary>A way into ServiceDesk Plus on premises: a technician's API key, which is sent with every call.</summary>
/// <param name="TechnicianKey">The key; the instance knows the technician by it.</param>
/// <param name="BaseUrl">The instance.</param>
/// <param name="Portal">Id of the portal, sent as a header; null for the technician's default portal.</param>
/// <param name="TechnicianEmail">The technician that every call is made as.</param>
/// <param name="Version">Changes whenever any of the others does.</param>
internal sealed record OnPremCredential(Secret TechnicianKey, Uri BaseUrl, string? Portal, string TechnicianEmail, string Version)
    : Credential(BaseUrl, Portal, TechnicianEmail, Version)
{
    public const string KindName = "on_prem";

    public override string Kind => KindName;

    public override Uri ApiUrl { get; } = new(BaseUrl, "/api/v3/");

    public override IReadOnlyList<Secret> Secrets { get; } = [TechnicianKey];
}
