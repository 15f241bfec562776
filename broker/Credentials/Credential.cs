namespace Sidecar.Broker.Credentials;

/// <summary>One user's way into one instance of ServiceDesk Plus, as it is stored in one vault secret.</summary>
/// <param name="BaseUrl">The instance. Never derived from an accounts server or from a reply.</param>
/// <param name="Portal">The portal; null for the default one.</param>
/// <param name="TechnicianEmail">The technician that every call is made as.</param>
/// <param name="Version">Changes whenever any of the others does.</param>
internal abstract record Credential(Uri BaseUrl, string? Portal, string TechnicianEmail, string Version)
{
    /// <summary>Kind as the stored JSON spells it.</summary>
    public abstract string Kind { get; }

    /// <summary>Where the API begins, with a trailing slash.</summary>
    public abstract Uri ApiUrl { get; }

    /// <summary>What must never be seen.</summary>
    public abstract IReadOnlyList<Secret> Secrets { get; }

    /// <summary>True if calls with either are made as the same technician at the same instance.</summary>
    public bool ActsAs(Credential other) =>
        ApiUrl == other.ApiUrl && Portal == other.Portal && string.Equals(TechnicianEmail, other.TechnicianEmail, StringComparison.OrdinalIgnoreCase);
}
