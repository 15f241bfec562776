namespace Sidecar.Simulator;

/// <summary>One technician of an instance on premises, with everything that a broker needs to act for them.</summary>
public sealed record SimulatedOnPremUser
{
    /// <summary>Who it is.</summary>
    public required string TechnicianEmail { get; init; }

    /// <summary>The credential, in the form that is kept in the vault.</summary>
    public required SimulatedOnPremCredential Credential { get; init; }

    /// <summary>The workload identity, for a credential in the vault.</summary>
    public required SimulatedIdentity Identity { get; init; }
}

/// <summary>The credential; its JSON is what the vault holds.</summary>
public sealed record SimulatedOnPremCredential
{
    /// <summary>Always on_prem.</summary>
    public string Kind { get; init; } = "on_prem";

    /// <summary>Where the instance answers.</summary>
    public required string BaseUrl { get; init; }

    /// <summary>Id of the portal.</summary>
    public required string Portal { get; init; }

    /// <summary>The technician's API key.</summary>
    public required string TechnicianKey { get; init; }

    /// <summary>Who it acts for.</summary>
    public required string TechnicianEmail { get; init; }

    /// <summary>As kept in the vault.</summary>
    public string ToJson() => System.Text.Json.JsonSerializer.Serialize(this, Hosting.Wire.Control);
}
