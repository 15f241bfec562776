namespace Sidecar.Simulator;

/// <summary>One version of a secret.</summary>
public sealed record VaultSecretVersion
{
    /// <summary>32 hex digits.</summary>
    public required string Id { get; init; }

    /// <summary>The secret itself.</summary>
    public required string Value { get; init; }

    /// <summary>What the value is.</summary>
    public string? ContentType { get; init; }

    /// <summary>At most 15.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>False: GET answers 403.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Informational; GET works on an expired secret.</summary>
    public long? ExpiresUnixSeconds { get; init; }

    /// <summary>When it was set.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When it was last changed.</summary>
    public required DateTimeOffset Updated { get; init; }
}

internal sealed class VaultSecret(string name)
{
    public string Name { get; } = name;
    public List<VaultSecretVersion> Versions { get; } = [];

    /// <summary>Client ids of the identities that may read it, beside those with a role; null: all who were given no role.</summary>
    public HashSet<string>? Readers { get; set; }

    public DateTimeOffset? Deleted { get; set; }

    /// <summary>Until then its deletion or recovery is under way.</summary>
    public DateTimeOffset SettledAt { get; set; }
}
