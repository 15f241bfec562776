using Azure;
using Azure.Security.KeyVault.Secrets;

namespace Sidecar.Broker.Onboarding.Vault;

/// <summary>One user of a vault, as far as can be told without reading the secret.</summary>
/// <param name="Properties">Name, dates, state.</param>
/// <param name="Version">The version that is in use; empty where the vault did not say.</param>
internal sealed record ListedUser(SecretProperties Properties, string Version)
{
    // A page of versions a user; the vault's limit is 4,000 calls in ten seconds, and who runs into it waits as long as it asks.
    private const int AtOnce = 8;

    public UserTags Tags { get; } = UserTags.Read(Properties.Tags);

    /// <summary>E-mail address, or the secret's name where no tag tells.</summary>
    public string Name => Tags.User.Length > 0 ? Tags.User : Properties.Name;

    public bool IsEnabled => Properties.Enabled != false;

    /// <summary>All users of a vault, by name.</summary>
    /// <exception cref="CommandFailure">The vault does not say.</exception>
    public static async Task<List<ListedUser>> AllAsync(UserVault vault, CancellationToken cancellationToken)
    {
        var secrets = await vault.ListAsync(cancellationToken).ToListAsync(cancellationToken);
        var users = new ListedUser[secrets.Count];
        await Parallel.ForEachAsync(Enumerable.Range(0, secrets.Count), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (at, end) =>
            users[at] = new ListedUser(secrets[at], await VersionAsync(vault, secrets[at], end)));
        return [.. users.OrderBy(user => user.Name, StringComparer.OrdinalIgnoreCase)];
    }

    // A list of secrets names no versions.
    private static async Task<string> VersionAsync(UserVault vault, SecretProperties secret, CancellationToken cancellationToken)
    {
        try
        {
            var versions = await vault.VersionsAsync(secret.Name, cancellationToken).ToListAsync(cancellationToken);
            // Dates are of whole seconds; among two of one second the tags, which a list shows of the latest, may tell.
            return versions.OrderByDescending(version => version.CreatedOn).ThenByDescending(version => UserTags.Read(version.Tags) == UserTags.Read(secret.Tags))
                .FirstOrDefault()?.Version ?? "";
        }
        catch (CommandFailure failure) when (failure.InnerException is RequestFailedException { Status: 403 or 404 })
        {
            // Not permitted for this one, or deleted since.
            return "";
        }
    }
}
