namespace Sidecar.Shim.Access.Entra;

/// <summary>Whose tokens of Entra ID open the shim. There is no secret among it: Entra's keys are public.</summary>
internal sealed record EntraSettings
{
    /// <summary><c>Shim__Access__Entra__TenantId</c>: the tenant, a GUID.</summary>
    public required Guid TenantId { get; init; }

    /// <summary><c>Shim__Access__Entra__Audience</c>: application (client) id of the registration that the tokens are for, a GUID.</summary>
    public required Guid Audience { get; init; }

    /// <summary><c>Shim__Access__Entra__Owner</c>: who may call.</summary>
    public required Owner Owner { get; init; }

    /// <summary><c>Shim__Access__Entra__Authority</c>: where the tenant signs people in. Default: https://login.microsoftonline.com.</summary>
    public required Uri Authority { get; init; }

    /// <summary><c>Shim__Access__Entra__Scope</c>: the delegated permission, as clients ask for it. Default: api://AUDIENCE/access_as_user.</summary>
    public required string Scope { get; init; }

    /// <summary><c>Shim__Access__Entra__ResourceUrl</c>: the MCP URL as clients know it; null: the host that they ask for.</summary>
    public required Uri? ResourceUrl { get; init; }

    /// <summary>The claim <c>iss</c> of this tenant's tokens of version 2.0, and the authorization server's name.</summary>
    public string Issuer => $"{Authority.GetLeftPart(UriPartial.Authority)}/{TenantId:D}/v2.0";

    /// <summary>The permission as the claim <c>scp</c> has it.</summary>
    public string ScopeName => Scope[(Scope.LastIndexOf('/') + 1)..];
}
