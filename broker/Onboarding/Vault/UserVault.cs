using System.Runtime.CompilerServices;
using Azure;
using Azure.Security.KeyVault.Secrets;

namespace Sidecar.Broker.Onboarding.Vault;

/// <summary>
/// The users of one Key Vault, a secret each. The only code that writes a secret. Every call says in the end what is true:
/// one whose answer is lost is looked at before it is made again.
/// </summary>
internal sealed class UserVault(SecretClient client, TimeProvider clock)
{
    public const string ContentType = "application/vnd.sdp-sidecar.credential+json";

    private const int MostTags = 15;

    private readonly VaultCalls _calls = new(client.VaultUri.Host, clock);

    public Uri Uri => client.VaultUri;

    /// <summary>What is there under the user's name.</summary>
    /// <exception cref="CommandFailure">The vault does not say.</exception>
    public async Task<StoredUser> FindAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            var secret = await _calls.ReadAsync($"reading {name}", end => client.GetSecretAsync(name, cancellationToken: end), cancellationToken);
            return new StoredUser(StoredState.Live, secret.Value.Value, secret.Value.Properties);
        }
        catch (CommandFailure failure) when (failure.InnerException is RequestFailedException { Status: 403 } refusal && VaultFailure.InnerCode(refusal) == "SecretDisabled")
        {
            var latest = await VersionsAsync(name, cancellationToken).OrderByDescending(version => version.CreatedOn).FirstOrDefaultAsync(cancellationToken);
            return new StoredUser(StoredState.Disabled, null, latest);
        }
        catch (CommandFailure failure) when (failure.InnerException is RequestFailedException { Status: 404 })
        {
            return await FindDeletedAsync(name, cancellationToken);
        }
    }

    /// <summary>Writes a version, which is the latest from then on. What others put on the one before, tags and dates, stays.</summary>
    /// <returns>Its version.</returns>
    /// <exception cref="CommandFailure">It is not there, or nobody can say.</exception>
    public async Task<string> StoreAsync(string name, string json, UserTags tags, StoredUser before, CancellationToken cancellationToken)
    {
        var secret = new KeyVaultSecret(name, json) { Properties = { ContentType = ContentType } };
        foreach (var (tag, value) in before.Properties?.Tags ?? new Dictionary<string, string>()) secret.Properties.Tags[tag] = value;
        tags.Write(secret.Properties.Tags);
        UserTags.ClearEnded(secret.Properties.Tags);
        if (secret.Properties.Tags.Count > MostTags)
            throw new CommandFailure($"{name} would have {secret.Properties.Tags.Count} tags, with those that others put there; a secret has {MostTags} at most.", "Take some of the others away, and run the command again.");

        // Whoever changed it since it was looked at knows something that this command does not.
        var now = await FindAsync(name, cancellationToken);
        if (now.State != before.State || now.Version != before.Version)
            throw new CommandFailure($"{name} was changed by somebody else meanwhile.", "See who, then run the command again: it begins with what is there now.");
        return await _calls.WriteAsync(
            $"writing {name}",
            async end => (await client.SetSecretAsync(secret, end)).Value.Properties.Version,
            async end => await FindAsync(name, end) is { State: StoredState.Live } there && there.Json == json ? there.Version : null,
            cancellationToken);
    }

    /// <summary>Changes the tags of the latest version.</summary>
    public Task TagAsync(StoredUser stored, UserTags tags, CancellationToken cancellationToken)
    {
        tags.Write(stored.Properties!.Tags);
        return UpdateAsync(stored.Properties, cancellationToken);
    }

    /// <summary>Switches a version on or off.</summary>
    public Task EnableAsync(SecretProperties version, bool enabled, CancellationToken cancellationToken)
    {
        version.Enabled = enabled;
        return UpdateAsync(version, cancellationToken);
    }

    /// <summary>Brings a deleted secret back, all its versions with it, and waits until it is there.</summary>
    public async Task RecoverAsync(string name, CancellationToken cancellationToken)
    {
        await _calls.WriteAsync(
            $"recovering {name}",
            async end =>
            {
                await client.StartRecoverDeletedSecretAsync(name, end);
                return name;
            },
            async end => (await FindAsync(name, end)).State is StoredState.Live or StoredState.Disabled ? name : null,
            cancellationToken);
        await _calls.UntilAsync($"recovering {name}", async end => (await FindAsync(name, end)).State is StoredState.Live or StoredState.Disabled, cancellationToken);
    }

    /// <summary>Deletes a secret, all its versions with it, and waits until it is gone. It stays recoverable.</summary>
    public async Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        await _calls.WriteAsync(
            $"deleting {name}",
            async end =>
            {
                await client.StartDeleteSecretAsync(name, end);
                return name;
            },
            async end => (await FindAsync(name, end)).State is StoredState.Deleted or StoredState.Missing ? name : null,
            cancellationToken);
        await _calls.UntilAsync($"deleting {name}", async end => (await FindAsync(name, end)).State is StoredState.Deleted, cancellationToken);
    }

    /// <summary>Removes a deleted secret for good.</summary>
    public Task PurgeAsync(string name, CancellationToken cancellationToken) => _calls.WriteAsync(
        $"purging {name}",
        async end =>
        {
            await client.PurgeDeletedSecretAsync(name, end);
            return name;
        },
        async end => (await FindAsync(name, end)).State == StoredState.Missing ? name : null,
        cancellationToken);

    /// <summary>All users of the vault, by their tags; no secret is read.</summary>
    public async IAsyncEnumerable<SecretProperties> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var secret in _calls.PagesAsync("listing secrets", client.GetPropertiesOfSecretsAsync, cancellationToken))
            if (UserName.IsSecretName(secret.Name) && secret.ContentType == ContentType) yield return secret;
    }

    /// <summary>The versions of a secret, in no order; values are not among them.</summary>
    public IAsyncEnumerable<SecretProperties> VersionsAsync(string name, CancellationToken cancellationToken) =>
        _calls.PagesAsync($"listing the versions of {name}", end => client.GetPropertiesOfSecretVersionsAsync(name, end), cancellationToken);

    /// <summary>One version's value; null if it is disabled or gone.</summary>
    public async Task<string?> ReadVersionAsync(string name, string version, CancellationToken cancellationToken)
    {
        try
        {
            return (await _calls.ReadAsync($"reading {name}", end => client.GetSecretAsync(name, version, cancellationToken: end), cancellationToken)).Value.Value;
        }
        catch (CommandFailure failure) when (failure.InnerException is RequestFailedException { Status: 404 }
            || (failure.InnerException is RequestFailedException { Status: 403 } refusal && VaultFailure.InnerCode(refusal) == "SecretDisabled"))
        {
            return null;
        }
    }

    private async Task<StoredUser> FindDeletedAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            var deleted = await _calls.ReadAsync($"reading the deleted {name}", end => client.GetDeletedSecretAsync(name, end), cancellationToken);
            return new StoredUser(StoredState.Deleted, null, deleted.Value.Properties);
        }
        catch (CommandFailure failure) when (failure.InnerException is RequestFailedException { Status: 404 })
        {
            return StoredUser.Missing;
        }
        catch (CommandFailure failure) when (failure.InnerException is RequestFailedException { Status: 403 })
        {
            throw new CommandFailure($"There is no {name} in {Uri.Host} that can be read; whether one was deleted, your identity is not permitted to see.", failure.Next, failure.InnerException);
        }
    }

    // Doing it twice is as good as once.
    private async Task UpdateAsync(SecretProperties properties, CancellationToken cancellationToken)
    {
        try
        {
            await _calls.ReadAsync($"updating {properties.Name}", end => client.UpdateSecretPropertiesAsync(properties, end), cancellationToken);
        }
        catch (CommandFailure failure) when (failure.InnerException is { } lost && VaultFailure.IsUnanswered(lost))
        {
            throw new CommandFailure($"{failure.Message} Whether it was done is not known.", failure.Next, lost) { IsUnsure = true };
        }
    }
}
