using System.Globalization;
using Sidecar.Broker.Credentials;

namespace Sidecar.Broker.Onboarding.Vault;

/// <summary>What a secret's tags say of the user: everything that a list shows without reading a secret. At most 15, of 256 characters each.</summary>
internal sealed record UserTags
{
    /// <summary>E-mail address of the technician.</summary>
    public string User { get; init; } = "";

    /// <summary>Cloud or on_prem.</summary>
    public string Kind { get; init; } = "";

    /// <summary>Data centre; empty on premises.</summary>
    public string DataCentre { get; init; } = "";

    /// <summary>Server of the instance.</summary>
    public string Instance { get; init; } = "";

    /// <summary>Portal; empty for the default one.</summary>
    public string Portal { get; init; } = "";

    /// <summary>Toolsets, comma separated; empty: all.</summary>
    public string Toolsets { get; init; } = "";

    /// <summary>read or write.</summary>
    public string Access { get; init; } = "";

    /// <summary>Scopes asked for, shortened.</summary>
    public string Scopes { get; init; } = "";

    /// <summary>Account name of whoever ran the command.</summary>
    public string CreatedBy { get; init; } = "";

    /// <summary>When the credential was last seen to work; null: never.</summary>
    public DateTimeOffset? Verified { get; init; }

    /// <summary>The version before this one, whose grant is still to be revoked; empty: none is.</summary>
    public string Replaces { get; init; } = "";

    /// <summary>What the user's pod is to be able to do.</summary>
    public AccessWish Wish => new(Toolsets.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), Access == "read");

    public static UserTags For(UserName user, Credential credential, AccessWish wish, string createdBy) => new()
    {
        User = user.Email,
        Kind = credential.Kind,
        DataCentre = credential is CloudCredential cloud ? Credentials.DataCentre.NameOf(cloud.AccountsUrl).ToLowerInvariant() : "",
        Instance = credential.BaseUrl.Authority,
        Portal = credential.Portal ?? "",
        Toolsets = string.Join(',', wish.Toolsets),
        Access = wish.ReadOnly ? "read" : "write",
        Scopes = credential is CloudCredential ? wish.ScopeTag : "",
        CreatedBy = createdBy,
    };

    private const string Ended = "ended";

    /// <summary>Marks a version whose grant was revoked, or that holds none.</summary>
    public static void MarkEnded(IDictionary<string, string> tags) => tags[Ended] = "yes";

    /// <summary>Takes the mark away: a new version has not ended.</summary>
    public static void ClearEnded(IDictionary<string, string> tags) => tags.Remove(Ended);

    /// <summary>True for a version that nothing is left to be done about.</summary>
    public static bool IsEnded(IDictionary<string, string> tags) => tags.ContainsKey(Ended);

    public static UserTags Read(IDictionary<string, string> tags)
    {
        return new UserTags
        {
            User = Tag("user"),
            Kind = Tag("kind"),
            DataCentre = Tag("data-centre"),
            Instance = Tag("instance"),
            Portal = Tag("portal"),
            Toolsets = Tag("toolsets"),
            Access = Tag("access"),
            Scopes = Tag("scopes"),
            CreatedBy = Tag("created-by"),
            Verified = DateTimeOffset.TryParse(Tag("verified"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var verified) ? verified : null,
            Replaces = Tag("replaces"),
        };

        string Tag(string name) => tags.TryGetValue(name, out var value) ? value : "";
    }

    /// <summary>Puts the tags in place of those of the same names; others stay.</summary>
    public void Write(IDictionary<string, string> tags)
    {
        Put("user", User);
        Put("kind", Kind);
        Put("data-centre", DataCentre);
        Put("instance", Instance);
        Put("portal", Portal);
        Put("toolsets", Toolsets);
        Put("access", Access);
        Put("scopes", Scopes);
        Put("created-by", CreatedBy);
        Put("verified", Verified?.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "");
        Put("replaces", Replaces);

        void Put(string name, string value)
        {
            if (value.Length == 0) tags.Remove(name);
            else tags[name] = value.Length <= 256 ? value : value[..256];
        }
    }
}
