using Sidecar.Simulator;

namespace Sidecar.Tests.Onboarding.BulkTests;

/// <summary>A list of users as an operator has it: CSV that only they can read.</summary>
internal static class UserFile
{
    private const string Header = "user,client_id,client_secret,refresh_token,accounts_url,base_url,portal";

    /// <summary>Row of a user with the credential they have.</summary>
    public static string Row(SimulatedUser user, string? name = null)
    {
        var credential = user.Credential;
        return string.Join(
            ',', name ?? user.TechnicianEmail, credential.ClientId, credential.ClientSecret, credential.RefreshToken, credential.AccountsUrl, credential.BaseUrl, credential.Portal);
    }

    /// <summary>Writes a list, whose secrets no output may hold.</summary>
    /// <returns>Its path.</returns>
    public static string WriteList(this Desk desk, IEnumerable<string> rows, string name = "users.csv") => desk.Stage.Folder.Write(name, string.Join('\n', [Header, .. rows]));

    /// <summary>Users with credentials, whose secrets no output may hold.</summary>
    public static IReadOnlyList<SimulatedUser> AddUsers(this Desk desk, int count)
    {
        var users = desk.Simulator.AddUsers(new BulkWish { Count = count });
        desk.KeepSecret(users.SelectMany(user => new[] { user.Credential.ClientSecret, user.Credential.RefreshToken }));
        return users;
    }

    /// <summary>The command for a list.</summary>
    public static string[] Onboard(this Desk desk, string list, params string[] options) => ["onboard", "--from", list, "--users", desk.Overlays, .. options];

    /// <summary>Secrets set in the vault.</summary>
    public static int Creates(this Desk desk) => desk.Simulator.Journal.Since().Count(entry => entry is { Service: Service.Vault, Method: "PUT", Changed: not null });

    /// <summary>Looks that the vault has exactly one version for each user, with their credential, seen to work.</summary>
    public static void ShouldHaveEach(this Desk desk, IEnumerable<SimulatedUser> users)
    {
        foreach (var user in users)
        {
            var version = desk.Simulator.Vault.Versions(Desk.SecretName(user.TechnicianEmail)).ShouldHaveSingleItem(user.TechnicianEmail);
            System.Text.Json.Nodes.JsonNode.DeepEquals(System.Text.Json.Nodes.JsonNode.Parse(version.Value), System.Text.Json.Nodes.JsonNode.Parse(user.Credential.ToJson())).ShouldBeTrue(user.TechnicianEmail);
            version.Tags["user"].ShouldBe(user.TechnicianEmail);
            version.Tags.ShouldContainKey("verified");
        }
    }
}
