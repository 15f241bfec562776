using Sidecar.Broker.Credentials;
using Sidecar.Broker.Onboarding.Vault;
using Sidecar.Contract;

namespace Sidecar.Broker.Onboarding.Verify;

/// <summary>Whether what the vault has under a user's name can be a broker's credential. Nothing of a value is quoted.</summary>
/// <param name="vault">Host of the vault.</param>
/// <param name="user">Whose secret it is.</param>
internal sealed class StoredCheck(string vault, UserName user)
{
    private string Onboard => $"broker onboard {user} --vault https://{vault}";

    /// <summary>Whether a broker could read it.</summary>
    public Finding State(StoredUser there) => there.State switch
    {
        StoredState.Live => Finding.Good("secret", $"{user.SecretName} is there and enabled, version {there.Version}, {Age(there)}."),
        StoredState.Disabled => Finding.Bad(
            "secret",
            $"{user.SecretName} is disabled: no broker can read it.",
            $"If that is not wanted: az keyvault secret set-attributes --vault-name {VaultName} --name {user.SecretName} --enabled true"),
        StoredState.Deleted => Finding.Bad(
            "secret",
            $"{user.SecretName} was deleted; it can still be recovered.",
            $"If that is not wanted: az keyvault secret recover --vault-name {VaultName} --name {user.SecretName}. A new credential recovers it as well: {Onboard}"),
        _ => Finding.Bad("secret", $"There is no {user.SecretName} in {vault}.", $"Check the address and the vault, or onboard the user: {Onboard}"),
    };

    /// <summary>The credential, and whether it is one.</summary>
    public (Credential? Credential, Finding Finding) Read(StoredUser there)
    {
        try
        {
            var credential = StoredCredential.Parse(there.Json!, there.Version, user.SecretName);
            return (credential, Finding.Good("credential", $"It is a well-formed credential ({credential.Kind}) for {credential.ApiUrl}."));
        }
        catch (CredentialException failure)
        {
            return (null, Finding.Bad("credential", failure.Message, $"Put a good one in its place: {Onboard}"));
        }
    }

    /// <summary>What the secret's properties say, against the credential. A broker does not need them; <c>broker list</c>, and whoever reads it, does.</summary>
    public IEnumerable<Finding> Properties(StoredUser there, Credential credential, AccessWish wish)
    {
        var type = there.Properties!.ContentType;
        yield return type == UserVault.ContentType
            ? Finding.Good("content_type", "Its content type says that it is a credential.")
            : Finding.Note("content_type", $"Its content type is {(string.IsNullOrEmpty(type) ? "not set" : "another one")}, so broker list does not show it.", $"Onboard the user again, which corrects it: {Onboard}");

        var tags = there.Tags;
        var unknown = wish.Toolsets.Except(Catalog.Current.Toolsets).ToList();
        List<string> wrong =
        [
            .. Differences(tags, UserTags.For(user, credential, wish, "")),
            .. unknown.Count > 0 ? [$"toolsets names \"{string.Join(',', unknown)}\", which this program does not know"] : Array.Empty<string>(),
        ];
        yield return wrong.Count == 0 ? Finding.Good("tags", "Its tags agree with the credential.")
            : tags.User.Length == 0 && tags.Kind.Length == 0 ? Finding.Note("tags", "It has no tags of broker onboard: what the user is to be able to do is not known, and all of it is looked at.", $"Onboard the user again, which adds them: {Onboard}")
            : Finding.Note("tags", $"Its tags do not agree with the credential: {string.Join("; ", wrong)}.", $"Onboard the user again, which corrects them: {Onboard}");
        if (tags.Scopes.Length > 0 && tags.Scopes != UserTags.For(user, credential, wish, "").Scopes)
            yield return Finding.Note("tags", $"The grant was made for the scopes {tags.Scopes}; the user's toolsets take {wish.ScopeTag}.", $"Make a new grant: broker rotate {user}");
    }

    private string VaultName => vault.Split('.')[0];

    private static string Age(StoredUser there) => there.Properties?.CreatedOn is { } created ? $"{Ago.Tell(TimeProvider.System.GetUtcNow() - created)} old" : "of unknown age";

    private static IEnumerable<string> Differences(UserTags tags, UserTags right)
    {
        (string Name, string Is, string Right)[] all =
        [
            ("user", tags.User, right.User), ("kind", tags.Kind, right.Kind), ("data-centre", tags.DataCentre, right.DataCentre),
            ("instance", tags.Instance, right.Instance), ("portal", tags.Portal, right.Portal),
        ];
        return all.Where(tag => !tag.Is.Equals(tag.Right, StringComparison.OrdinalIgnoreCase)).Select(tag => $"{tag.Name} is \"{tag.Is}\" and should be \"{tag.Right}\"");
    }
}
