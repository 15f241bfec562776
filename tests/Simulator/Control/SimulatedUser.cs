namespace Sidecar.Simulator;

/// <summary>What a user to be added should be like.</summary>
public sealed record UserWish
{
    /// <summary>E-mail address of a seeded technician; the portal's first by default.</summary>
    public string? Email { get; init; }

    /// <summary>The portal; itdesk by default.</summary>
    public string? Portal { get; init; }

    /// <summary>Scopes granted; all by default.</summary>
    public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>
    /// Name of a vault secret to keep the credential in, for the user's identity alone; kept nowhere by default.
    /// </summary>
    public string? Secret { get; init; }

    /// <summary>Client id of the user's workload identity; a new one by default.</summary>
    public string? ClientId { get; init; }
}

/// <summary>What many users to be added should be like.</summary>
public sealed record BulkWish
{
    /// <summary>How many, at most 10,000; where the portal has fewer technicians, it gets more.</summary>
    public required int Count { get; init; }

    /// <summary>The portal; itdesk by default.</summary>
    public string? Portal { get; init; }

    /// <summary>Scopes granted; all by default.</summary>
    public IReadOnlyList<string>? Scopes { get; init; }
}

/// <summary>One technician with everything that a broker needs to act for them.</summary>
public sealed record SimulatedUser
{
    /// <summary>Who it is.</summary>
    public required string TechnicianEmail { get; init; }

    /// <summary>The credential, in the form that is kept in the vault.</summary>
    public required SimulatedCredential Credential { get; init; }

    /// <summary>A one-time code of the same client, as the API console's "Generate Code" gives; good for 10 minutes.</summary>
    public required string GrantCode { get; init; }

    /// <summary>The workload identity.</summary>
    public required SimulatedIdentity Identity { get; init; }
}

/// <summary>The credential; its JSON is what the vault holds.</summary>
public sealed record SimulatedCredential
{
    /// <summary>What the vault says that it is.</summary>
    public const string ContentType = "application/vnd.sdp-sidecar.credential+json";

    /// <summary>Always cloud.</summary>
    public string Kind { get; init; } = "cloud";

    /// <summary>Zoho client id.</summary>
    public required string ClientId { get; init; }

    /// <summary>Zoho client secret.</summary>
    public required string ClientSecret { get; init; }

    /// <summary>Zoho refresh token.</summary>
    public required string RefreshToken { get; init; }

    /// <summary>Where tokens are made.</summary>
    public required string AccountsUrl { get; init; }

    /// <summary>Where ServiceDesk Plus answers.</summary>
    public required string BaseUrl { get; init; }

    /// <summary>The portal in the path.</summary>
    public required string Portal { get; init; }

    /// <summary>Who it acts for.</summary>
    public required string TechnicianEmail { get; init; }

    /// <summary>As kept in the vault.</summary>
    public string ToJson() => System.Text.Json.JsonSerializer.Serialize(this, Hosting.Wire.Control);
}

/// <summary>A workload identity: the content of the file that Kubernetes would mount.</summary>
/// <param name="TenantId">The Entra tenant.</param>
/// <param name="ClientId">The identity.</param>
/// <param name="FederatedToken">The service account token that the tenant accepts.</param>
public sealed record SimulatedIdentity(string TenantId, string ClientId, string FederatedToken)
{
    /// <summary>For who runs outside Kubernetes, such as an operator; a user's pod has none.</summary>
    public string? ClientSecret { get; init; }

    /// <summary>Without its secrets: a failing test prints it.</summary>
    public override string ToString() => $"identity {ClientId}";
}
