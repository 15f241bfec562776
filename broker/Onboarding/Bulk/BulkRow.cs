using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Sidecar.Broker.Credentials;
using Sidecar.Contract;

namespace Sidecar.Broker.Onboarding.Bulk;

/// <summary>One user of the list.</summary>
/// <param name="Line">Where the list has them; the header is line 1.</param>
/// <param name="User">Whose row it is; null if it does not say so in a way that can be read.</param>
/// <param name="Credential">The credential; null for a bad row.</param>
/// <param name="Wish">What the pod may do.</param>
/// <param name="Problem">What is wrong with the row; null if nothing is. No cell is quoted: in a row that slipped, any may be a secret.</param>
internal sealed record BulkRow(int Line, UserName? User, Credential? Credential, AccessWish Wish, string? Problem)
{
    /// <summary>True for a row that can be worked on.</summary>
    [MemberNotNullWhen(true, nameof(User), nameof(Credential)), MemberNotNullWhen(false, nameof(Problem))]
    public bool IsGood => Problem is null;

    /// <summary>Columns that a list may have. Those of a credential carry its members as they are.</summary>
    public static readonly string[] Columns = ["user", .. Members, "dc", "toolsets", "read_only"];

    private static string[] Members =>
        ["kind", "client_id", "client_secret", "refresh_token", "accounts_url", "base_url", "portal", "technician_key", "technician_email"];

    /// <param name="line">Where the list has it.</param>
    /// <param name="cells">Cells that are not empty, by column.</param>
    /// <param name="byDefault">What the pod may do, where the row does not say.</param>
    public static BulkRow Read(int line, IReadOnlyDictionary<string, string> cells, AccessWish byDefault)
    {
        var problems = new List<string>();
        var user = cells.TryGetValue("user", out var text) ? UserName.From(text) : null;
        if (user is null) problems.Add("\"user\" is not an e-mail address");

        var json = new JsonObject { ["kind"] = cells.ContainsKey("technician_key") ? OnPremCredential.KindName : CloudCredential.KindName };
        if (user is not null) json["technician_email"] = user.Email;
        if (cells.TryGetValue("dc", out var name))
        {
            var centre = DataCentre.All.FirstOrDefault(centre => centre.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
            if (centre is null) problems.Add($"\"dc\" is none of {string.Join(", ", DataCentre.All.Select(known => known.Name))}");
            // What stands in a column of its own counts more.
            else (json["accounts_url"], json["base_url"]) = (Authority(centre.AccountsUrl), Authority(centre.BaseUrl));
        }

        foreach (var member in Members)
            if (cells.TryGetValue(member, out var value)) json[member] = value;
        // One parser, one set of rules. It names members and quotes none.
        if (!CredentialJson.TryParse(json.ToJsonString(), "", out var credential, out var problem)) problems.Add(problem);

        var wish = new AccessWish(
            cells.TryGetValue("toolsets", out var list) ? [.. list.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries).Distinct().Order(StringComparer.Ordinal)] : byDefault.Toolsets,
            cells.TryGetValue("read_only", out var readOnly) ? IsTrue(readOnly) : byDefault.ReadOnly);
        if (wish.Toolsets.Any(toolset => !Catalog.Current.Toolsets.Contains(toolset))) problems.Add($"\"toolsets\" names one that there is not; known: {string.Join(", ", Catalog.Current.Toolsets)}");
        if (readOnly is not null && !IsTrue(readOnly) && !readOnly.Equals("false", StringComparison.OrdinalIgnoreCase)) problems.Add("\"read_only\" is neither true nor false");
        return problems.Count > 0 ? Bad(line, user, string.Join("; ", problems)) : new BulkRow(line, user, credential, wish, null);
    }

    public static BulkRow Bad(int line, UserName? user, string problem) => new(line, user, null, new AccessWish([], true), problem);

    private static bool IsTrue(string text) => text.Equals("true", StringComparison.OrdinalIgnoreCase);

    private static string Authority(Uri url) => url.GetLeftPart(UriPartial.Authority);
}
