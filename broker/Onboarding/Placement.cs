using Sidecar.Broker.Credentials;
using Sidecar.Broker.Onboarding.Grants;
using Sidecar.Broker.Onboarding.Vault;

namespace Sidecar.Broker.Onboarding;

/// <summary>What became of a credential that was to be put into the vault.</summary>
internal enum Placed
{
    /// <summary>It was there, tags and all; nothing was written.</summary>
    Unchanged,

    /// <summary>It was there; its tags were changed.</summary>
    Tagged,

    /// <summary>There was none; it is there now.</summary>
    Added,

    /// <summary>There was another one; this one is its successor.</summary>
    Replaced,
}

/// <summary>Puts a credential that has been examined into the vault, and reads it back.</summary>
internal sealed class Placement(UserVault vault)
{
    /// <summary>What would become of a credential; nothing is done.</summary>
    public static Placed Foresee(StoredUser there, Credential credential, UserTags tags) => there.State switch
    {
        StoredState.Missing => Placed.Added,
        StoredState.Live when IsSame(there, credential) =>
            there.Tags with { Verified = null, CreatedBy = "" } == tags with { Verified = null, CreatedBy = "" } && there.Properties!.ContentType == UserVault.ContentType
                ? Placed.Unchanged : Placed.Tagged,
        _ => Placed.Replaced,
    };

    /// <param name="user">Whose it is.</param>
    /// <param name="there">What the vault had under that name.</param>
    /// <param name="credential">The credential.</param>
    /// <param name="tags">What its tags are to say.</param>
    /// <param name="deeds">Takes note of what is written.</param>
    /// <param name="held">The grant in it, which is kept once the vault has it; null: nobody would revoke it.</param>
    /// <param name="cancellationToken">Ends it before something is written, never halfway.</param>
    /// <returns>What was done, and the version that is there now.</returns>
    /// <exception cref="CommandFailure">It is not there, or nobody can say.</exception>
    public async Task<(Placed Placed, string Version)> PlaceAsync(
        UserName user, StoredUser there, Credential credential, UserTags tags, Deeds deeds, HeldGrant? held, CancellationToken cancellationToken)
    {
        var json = CredentialJson.Write(credential);
        var placed = Foresee(there, credential, tags);
        if (placed == Placed.Unchanged) return (placed, there.Version);
        if (placed == Placed.Tagged)
        {
            there.Properties!.ContentType = UserVault.ContentType;
            await vault.TagAsync(there, tags with { CreatedBy = there.Tags.CreatedBy.Length > 0 ? there.Tags.CreatedBy : tags.CreatedBy }, cancellationToken);
            deeds.Add($"The tags of {user.SecretName} were brought up to date.");
            return (placed, there.Version);
        }

        var version = await vault.StoreAsync(user.SecretName, json, tags, there, cancellationToken);
        // The vault said that it has it: who reads it there shall find it good, and a rerun goes on with it.
        held?.Keep();
        deeds.Add($"The credential was written to {user.SecretName} in {vault.Uri.Host} (version {version}).");
        var back = await vault.FindAsync(user.SecretName, CancellationToken.None);
        return back.State == StoredState.Live && back.Json == json
            ? (placed, back.Version)
            : throw new CommandFailure(
                $"What was written to {user.SecretName} does not read back as it was written: somebody else writes there too.", $"See who else may write to {vault.Uri.Host}, then run the command again.");
    }

    // However its JSON is laid out.
    private static bool IsSame(StoredUser there, Credential credential) =>
        CredentialJson.TryParse(there.Json!, credential.Version, out var stored, out _) && CredentialJson.Write(stored) == CredentialJson.Write(credential);
}
