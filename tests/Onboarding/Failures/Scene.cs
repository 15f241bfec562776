using System.Text.Json.Nodes;
using Sidecar.Broker.Credentials;
using Sidecar.Broker.Onboarding;
using Sidecar.Broker.Onboarding.Overlays;
using Sidecar.Broker.Onboarding.Vault;
using Sidecar.Simulator;
using Sidecar.Tests.Onboarding.BulkTests;

namespace Sidecar.Tests.Onboarding.Failures;

/// <summary>What a command meets and what it leaves: people, their clients and grants, the vault, the overlays.</summary>
/// <param name="desk">Where the commands run.</param>
internal sealed class Scene(Desk desk)
{
    // Few scopes, and so few calls: with others there would be more of the same.
    private static readonly AccessWish Wish = new(["requests"], true);

    public static readonly string[] Access = ["--toolsets", "requests", "--read-only"];

    private readonly List<(string Email, string ClientId)> _people = [];
    private string _clientSecret = "", _credential = "";

    public Desk Desk => desk;

    public string User => _people[0].Email;

    public string ClientId => _people[0].ClientId;

    /// <summary>What the person types: the client's secret, and a new code of the console.</summary>
    public string Typed()
    {
        var code = desk.Simulator.AddCode(ClientId, new CodeWish { Scopes = Wish.ScopeText.Split(','), Email = User });
        desk.KeepSecret(code);
        return $"{_clientSecret}\n{code}\n";
    }

    /// <summary>A person with a client and no grant.</summary>
    public void AddPerson()
    {
        var client = desk.AddClient(ClientKind.Self);
        _people.Add((desk.User, client.ClientId));
        _clientSecret = client.ClientSecret;
    }

    /// <summary>A person with a credential.</summary>
    public void Add(SimulatedUser user)
    {
        desk.KeepSecret(user.Credential.ClientSecret);
        _people.Add((user.TechnicianEmail, user.Credential.ClientId));
        (_clientSecret, _credential) = (user.Credential.ClientSecret, user.Credential.ToJson());
    }

    /// <summary>People with credentials, in a list.</summary>
    public void AddList(int count)
    {
        var users = desk.AddUsers(count);
        foreach (var user in users) Add(user);
        desk.WriteList(users.Select(user => UserFile.Row(user)));
    }

    /// <summary>The person's credential.</summary>
    public string Credential() => _credential;

    /// <summary>A person who is onboarded.</summary>
    public void Onboard(SimulatedUser user)
    {
        Add(user);
        var name = UserName.From(user.TechnicianEmail)!;
        CredentialJson.TryParse(user.Credential.ToJson(), "", out var credential, out var problem).ShouldBeTrue(problem);
        var tags = new Dictionary<string, string>();
        UserTags.For(name, credential!, Wish, "operator").Write(tags);
        desk.Simulator.Vault.SetSecret(name.SecretName, user.Credential.ToJson(), UserVault.ContentType, tags);
        Overlay(name.Email).Write(new OverlayFacts(desk.Simulator.VaultUrl, name.SecretName, Wish, null, null, null));
    }

    /// <summary>Everything that a command could change for good, as text without a secret.</summary>
    /// <param name="withVerified">False: the date of the last look does not count.</param>
    public string State(bool withVerified = true) => string.Join('\n', _people.Select(person => string.Join(
        ' ', [person.Email, .. Versions(person.Email).Select(version => $"{version.Id}:{version.Enabled}:{string.Join(',', version.Tags.Where(tag => withVerified || tag.Key != "verified").OrderBy(tag => tag.Key).Select(tag => $"{tag.Key}={tag.Value}"))}"),
            .. Live(person.ClientId).Select(grant => $"grant {grant.Ordinal}"), Overlay(person.Email).Exists ? "overlay" : "no overlay", IsDeleted(person.Email) ? "deleted" : ""])));

    /// <summary>What keeps people from being in place.</summary>
    /// <param name="strayGrants">Grants beside the stored one that may be left.</param>
    public IEnumerable<string> NotInPlace(int strayGrants) => _people.SelectMany(person => NotInPlace(person.Email, person.ClientId, strayGrants));

    /// <summary>What still acts for the person.</summary>
    public IEnumerable<string> NotGone()
    {
        if (Live(ClientId).Any()) yield return "a grant is still good";
        if (Versions(User).Any(version => version.Enabled)) yield return "a version is still switched on";
        if (!IsDeleted(User)) yield return "the secret is not deleted";
        if (Overlay(User).Exists) yield return "the overlay is still there";
    }

    private IEnumerable<string> NotInPlace(string email, string clientId, int strayGrants)
    {
        var versions = Versions(email);
        if (versions.Count == 0 || !versions[^1].Enabled)
        {
            yield return $"{email} has no secret that can be read";
            yield break;
        }

        var (latest, token) = (versions[^1], TokenOf(versions[^1]));
        var live = Live(clientId).Select(grant => grant.Value).ToList();
        if (!live.Contains(token)) yield return "the stored grant is not good";
        if (live.Count(grant => grant != token) != strayGrants) yield return $"{live.Count} grants are good, and not the stored one and {strayGrants} more";
        if (versions.Select(TokenOf).Distinct().Count() != versions.Count) yield return "a credential is stored twice";
        if (versions.SkipLast(1).Any(version => version.Enabled)) yield return "a version before is still switched on";
        if (latest.ContentType != UserVault.ContentType) yield return $"the content type is {latest.ContentType}";
        if (latest.Tags.GetValueOrDefault("user") != email) yield return "the tags do not say whose it is";
        if (latest.Tags.ContainsKey("replaces")) yield return "a rotation is not over";
        if (Overlay(email).Read()?.SecretName != Desk.SecretName(email)) yield return "the overlay is not there";
    }

    private static string TokenOf(VaultSecretVersion version) => (string)JsonNode.Parse(version.Value)!["refresh_token"]!;

    private IReadOnlyList<VaultSecretVersion> Versions(string email) => desk.Simulator.Vault.Versions(Desk.SecretName(email));

    private IEnumerable<IssuedRefreshToken> Live(string clientId) => desk.Simulator.Accounts.RefreshTokens.Where(grant => grant.ClientId == clientId && !grant.Revoked);

    // Nothing recovers one here.
    private bool IsDeleted(string email) => desk.Simulator.Journal.Since().Any(entry =>
        entry is { Service: Service.Vault, Method: "DELETE", Changed: not null } && entry.Path.Contains(Desk.SecretName(email), StringComparison.Ordinal));

    private UserOverlay Overlay(string email) => new(new DirectoryInfo(desk.Overlays), UserName.From(email)!);
}
