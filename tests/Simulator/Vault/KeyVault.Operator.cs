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
    /// <param name="readers">Client ids that may use it; null: every identity of the tenant, or those who might before.</param>
    public VaultSecretVersion SetSecret(
        string name, string value, string? contentType = null, IReadOnlyDictionary<string, string>? tags = null, IEnumerable<string>? readers = null)
    {
        lock (_world.Gate)
        {
            var secret = _secrets.TryGetValue(name, out var known) ? known : _secrets[name] = new VaultSecret(name);
            secret.Deleted = null;
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

    /// <summary>Deletes a secret so that it can be recovered, or recovers it.</summary>
    public void SetDeleted(string name, bool deleted)
    {
        lock (_world.Gate)
            Known(name).Deleted = deleted ? _world.Clock.GetUtcNow() : null;
    }

    /// <summary>Gives the client ids that may use a secret.</summary>
    public void SetReaders(string name, IEnumerable<string> readers)
    {
        lock (_world.Gate)
            Known(name).Readers = [.. readers];
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
