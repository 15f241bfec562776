namespace Sidecar.Simulator;

/// <summary>The OAuth scopes of ServiceDesk Plus Cloud.</summary>
public static class Scopes
{
    /// <summary>Everything that a technician can be given.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. new[]
        {
            "requests", "problems", "changes", "projects", "releases", "assets", "cmdb", "solutions", "setup", "general",
            "contracts", "users", "custommodule", "purchase", "purchases",
        }.Select(module => $"SDPOnDemand.{module}.ALL"),
        "AaaServer.profile.READ",
    ];

    /// <summary>True for what a client may ask for: any operation of a known module, or the profile.</summary>
    internal static bool IsKnown(string scope) =>
        scope.Split('.') is [.. var module, var operation]
        && (All.Contains($"{string.Join('.', module)}.ALL", StringComparer.OrdinalIgnoreCase)
            ? Operations.Contains(operation, StringComparer.OrdinalIgnoreCase)
            : All.Contains(scope, StringComparer.OrdinalIgnoreCase));

    private static readonly string[] Operations = ["ALL", "CREATE", "READ", "UPDATE", "DELETE"];

    internal static string Of(string module, string method) => $"SDPOnDemand.{module}." + method switch
    {
        "GET" => "READ",
        "POST" => "CREATE",
        "PUT" => "UPDATE",
        _ => "DELETE",
    };
}
