namespace Sidecar.Shim.Access.Entra;

/// <summary>Reads the settings below <c>Shim__Access__Entra</c> and says all that is wrong with them.</summary>
internal static class EntraSettingsReader
{
    private const string Prefix = "Shim__Access__Entra__";

    /// <returns>Null if nothing is set there, or if something is wrong.</returns>
    public static EntraSettings? Read(IConfigurationSection section, List<string> problems)
    {
        if (!section.GetChildren().Any()) return null;
        var before = problems.Count;
        var tenant = ReadId(section, "TenantId", "the tenant's id, a GUID: not its domain, nor common or organizations", problems);
        var audience = ReadId(section, "Audience", "the application (client) id of the app registration, a GUID: tokens of version 2.0 carry it, never the api:// name", problems);

        var owner = Owner.Parse(section["Owner"] ?? "");
        if (owner is null) problems.Add($"{Prefix}Owner has to be whose shim this is: an object id (a GUID), or a user principal name such as ada@example.com.");

        var authority = ReadUrl(section["Authority"] is { Length: > 0 } set ? set : "https://login.microsoftonline.com");
        if (authority is not { Scheme: "https", PathAndQuery: "/" })
            problems.Add($"{Prefix}Authority has to be https://HOST without a path, such as https://login.microsoftonline.us.");

        var scope = ReadScope(section["Scope"], audience);
        if (scope is null)
            problems.Add($"{Prefix}Scope has to be the name of a permission, such as access_as_user, or all of it, such as api://AUDIENCE/access_as_user.");

        var resource = section["ResourceUrl"] is { Length: > 0 } url ? ReadUrl(url) : null;
        if (section["ResourceUrl"] is { Length: > 0 } && resource is not ({ Scheme: "https" } or { Scheme: "http", IsLoopback: true }))
            problems.Add($"{Prefix}ResourceUrl has to be the https URL under which clients reach /mcp; a token does not belong on a line without TLS.");

        return problems.Count > before ? null : new EntraSettings
        {
            TenantId = tenant,
            Audience = audience,
            Owner = owner!,
            Authority = authority!,
            Scope = scope!,
            ResourceUrl = resource,
        };
    }

    private static Guid ReadId(IConfigurationSection section, string name, string meaning, List<string> problems)
    {
        if (Guid.TryParseExact(section[name], "D", out var id) && id != Guid.Empty) return id;

        problems.Add($"{Prefix}{name} has to be {meaning}.");
        return default;
    }

    // It is quoted in a header, and its last part is looked for in a list that spaces part.
    private static string? ReadScope(string? text, Guid audience)
    {
        var scope = text is { Length: > 0 } ? text : "access_as_user";
        if (!scope.Contains('/', StringComparison.Ordinal)) scope = $"api://{audience:D}/{scope}";
        return scope.EndsWith('/') || !scope.All(letter => letter is > ' ' and <= '~' and not ('"' or '\\')) ? null : scope;
    }

    private static Uri? ReadUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url is { UserInfo: "", Query: "", Fragment: "" } ? url : null;
}
