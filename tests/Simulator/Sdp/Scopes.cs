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

    internal static string Of(string module, string method) => $"SDPOnDemand.{module}." + method switch
    {
        "GET" => "READ",
        "POST" => "CREATE",
        "PUT" => "UPDATE",
        _ => "DELETE",
    };
}
