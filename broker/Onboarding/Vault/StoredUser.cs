using Azure.Security.KeyVault.Secrets;

namespace Sidecar.Broker.Onboarding.Vault;

internal enum StoredState
{
    /// <summary>No such name.</summary>
    Missing,

    /// <summary>There, and readable.</summary>
    Live,

    /// <summary>There, and switched off: nobody can read it.</summary>
    Disabled,

    /// <summary>Deleted, and recoverable: the name cannot be used until then.</summary>
    Deleted,
}

/// <summary>What the vault has under a user's name.</summary>
/// <param name="State">Whether it can be read.</param>
/// <param name="Json">The credential as it is stored; null unless it is live.</param>
/// <param name="Properties">Version, dates, tags; null where it is missing.</param>
internal sealed record StoredUser(StoredState State, string? Json, SecretProperties? Properties)
{
    public static StoredUser Missing { get; } = new(StoredState.Missing, null, null);

    public UserTags Tags => Properties is null ? new UserTags() : UserTags.Read(Properties.Tags);

    public string Version => Properties?.Version ?? "";

    public override string ToString() => $"{State} {Version}";
}
