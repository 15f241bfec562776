namespace Sidecar.Simulator;

/// <summary>Who may do what. A role assignment counts at once; at Azure it takes minutes.</summary>
internal sealed class VaultAccess
{
    private readonly Dictionary<string, HashSet<VaultAssignment>> _roles = [];

    /// <summary>True once somebody's roles were declared: then nobody may by default.</summary>
    public bool IsDeclared => _roles.Count > 0;

    public IReadOnlyDictionary<string, VaultAssignment[]> Roles => _roles.ToDictionary(pair => pair.Key, pair => pair.Value.ToArray());

    public void Clear() => _roles.Clear();

    public void Set(string clientId, IEnumerable<VaultAssignment> roles) => _roles[clientId] = [.. roles];

    public void Add(string clientId, VaultAssignment role) =>
        (_roles.TryGetValue(clientId, out var roles) ? roles : _roles[clientId] = []).Add(role);

    /// <summary>Looked at before anything else: who may not, does not learn whether there is such a secret.</summary>
    /// <param name="clientId">The identity.</param>
    /// <param name="action">The last part of Azure's data action: <c>getSecret</c> and <c>readMetadata</c> read, all others change.</param>
    /// <param name="name">The secret's name; null for a list of the vault.</param>
    /// <param name="secret">The secret, if there is one.</param>
    /// <exception cref="VaultError">403.</exception>
    public void Demand(string clientId, string action, string? name, VaultSecret? secret)
    {
        if (!May(clientId, action is "getSecret" or "readMetadata", name, secret))
            throw new VaultError(
                403,
                "Forbidden",
                $"Caller is not authorized to perform action on resource. Caller: appid={clientId} Action: 'Microsoft.KeyVault/vaults/secrets/{action}/action' Assignment: (not found)",
                "ForbiddenByRbac");
    }

    private bool May(string clientId, bool reads, string? name, VaultSecret? secret)
    {
        var roles = _roles.GetValueOrDefault(clientId);
        if (roles?.Any(one => Covers(one, name) && (reads || one.Role == VaultRole.Officer)) == true)
            return true;
        if (secret?.Readers?.Contains(clientId) == true)
            return reads;
        if (roles is not null)
            return false;
        // Of whom nobody spoke: they may what the secret leaves open, and once roles are given out, only read it.
        return IsDeclared ? reads && secret is { Readers: null } : secret?.Readers is null;
    }

    private static bool Covers(VaultAssignment role, string? name) =>
        role.Secret is null || string.Equals(role.Secret, name, StringComparison.OrdinalIgnoreCase);
}
