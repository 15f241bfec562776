namespace Sidecar.Simulator;

// What an operator did, past all permissions and limits.
public sealed partial class KeyVault
{
    /// <summary>How it behaves.</summary>
    public VaultSwitches Switches { get; set; } = new();

    /// <summary>Sets a secret past all permissions, as an operator did earlier. A deleted one is brought back by it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value; one that the vault itself would not take, too.</param>
    /// <param name="contentType">What it is.</param>
    /// <param name="tags">Its tags.</param>
    /// <param name="readers">Client ids that may read it; null: every identity that was given no role, or those who might before.</param>
    public VaultSecretVersion SetSecret(
        string name, string value, string? contentType = null, IReadOnlyDictionary<string, string>? tags = null, IEnumerable<string>? readers = null)
    {
        lock (_world.Gate)
        {
            var secret = _secrets.TryGetValue(name, out var known) ? known : _secrets[name] = new VaultSecret(name);
            (secret.Deleted, secret.SettledAt) = (null, default);
            if (readers is not null)
                secret.Readers = [.. readers];
            return Add(secret, value, contentType, tags, true, null);
        }
    }

    /// <summary>Enables or disables the latest version.</summary>
    public void SetEnabled(string name, bool enabled)
    {
        lock (_world.Gate)
        {
            var versions = Known(name).Versions;
            versions[^1] = versions[^1] with { Enabled = enabled, Updated = _world.Clock.GetUtcNow() };
        }
    }

    /// <summary>Deletes a secret so that it can be recovered, or recovers it; at once.</summary>
    public void SetDeleted(string name, bool deleted)
    {
        lock (_world.Gate)
        {
            var secret = Known(name);
            (secret.Deleted, secret.SettledAt) = (deleted ? _world.Clock.GetUtcNow() : null, default);
        }
    }

    /// <summary>Gives the client ids that may read a secret, beside those with a role.</summary>
    public void SetReaders(string name, IEnumerable<string> readers)
    {
        lock (_world.Gate)
            Known(name).Readers = [.. readers];
    }

    /// <summary>
    /// Gives an identity one role more and holds it to its roles. From the first such call on, a new secret can be read by nobody but
    /// by role or by name, and an identity without a role can change and list nothing.
    /// </summary>
    /// <param name="clientId">The identity.</param>
    /// <param name="role">What it may do.</param>
    /// <param name="secretName">With which secret; null: with all of the vault.</param>
    public void Grant(string clientId, VaultRole role, string? secretName = null)
    {
        lock (_world.Gate)
            _access.Add(clientId, new VaultAssignment(role, secretName));
    }

    /// <summary>Puts these roles in the place of all that an identity had; none at all: it may nothing.</summary>
    public void SetRoles(string clientId, IEnumerable<VaultAssignment> roles)
    {
        lock (_world.Gate)
            _access.Set(clientId, roles);
    }

    /// <summary>The roles by client id.</summary>
    public IReadOnlyDictionary<string, VaultAssignment[]> Roles
    {
        get
        {
            lock (_world.Gate)
                return _access.Roles;
        }
    }

    /// <summary>The versions of a secret, oldest first; none if there is no such secret.</summary>
    public IReadOnlyList<VaultSecretVersion> Versions(string name)
    {
        lock (_world.Gate)
            return _secrets.TryGetValue(name, out var secret) ? [.. secret.Versions] : [];
    }

    private VaultSecret Known(string name) =>
        _secrets.TryGetValue(name, out var secret) ? secret : throw new ArgumentException($"There is no secret '{name}'.", nameof(name));
}
