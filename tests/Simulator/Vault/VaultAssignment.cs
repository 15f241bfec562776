namespace Sidecar.Simulator;

/// <summary>What an identity may do.</summary>
public enum VaultRole
{
    /// <summary>Key Vault Secrets User: reads values and properties, changes nothing.</summary>
    User,

    /// <summary>Key Vault Secrets Officer: everything.</summary>
    Officer,
}

/// <summary>One role assignment.</summary>
/// <param name="Role">The role.</param>
/// <param name="Secret">The secret that it is scoped to, which need not exist yet; null: the vault.</param>
public sealed record VaultAssignment(VaultRole Role, string? Secret = null);
