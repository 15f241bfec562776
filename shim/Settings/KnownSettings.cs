using Sidecar.Shim.Arguments;

namespace Sidecar.Shim.Settings;

/// <summary>The names of the shim's settings. Any other name under <c>Shim</c> is a typing error that would go unnoticed.</summary>
internal static class KnownSettings
{
    /// <summary>All of them, below <c>Shim</c>; # stands for an index.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "Broker", "Listen", "CallTimeout", "DrainTimeout", "MaxRequestBytes",
        "Access:ApiKeys:#:Sha256", "Access:ApiKeys:#:Name",
        "Access:Entra:TenantId", "Access:Entra:Audience", "Access:Entra:Owner",
        "Access:Entra:Authority", "Access:Entra:Scope", "Access:Entra:ResourceUrl",
        "AllowedOrigins:#",
    ];

    public static IEnumerable<string> Unknown(IConfigurationSection shim) =>
        from setting in shim.AsEnumerable(makePathsRelative: true)
        where setting.Value is not null && setting.Key.Length > 0
        let name = string.Join(':', setting.Key.Split(':').Select(part => int.TryParse(part, out _) ? "#" : part))
        where !Names.Contains(name, StringComparer.OrdinalIgnoreCase)
        select $"{Spelled(setting.Key)} is not a setting.{Hint(name)}";

    private static string Hint(string name) => Nearest.To(name, Names) is { } nearest ? $" Is {Spelled(nearest)} meant?" : "";

    private static string Spelled(string key) =>
        $"Shim__{key.Replace(":", "__", StringComparison.Ordinal).Replace("#", "0", StringComparison.Ordinal)}";
}
