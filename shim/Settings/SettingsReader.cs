using System.Globalization;
using Sidecar.Shim.Access;
using Sidecar.Shim.Access.Entra;
using Sidecar.Shim.Tls;

namespace Sidecar.Shim.Settings;

/// <summary>
/// Reads the settings and collects every problem before giving up. Written out, not bound: a binder stops at the first
/// value that does not parse, and passes over names it does not know, which for access settings is a door left open.
/// </summary>
internal static class SettingsReader
{
    private static readonly string[] LoopbackNames = ["localhost", "127.0.0.1", "[::1]"];

    public static ShimSettings Read(IConfiguration configuration)
    {
        var problems = new List<string>();
        var shim = configuration.GetSection("Shim");
        problems.AddRange(KnownSettings.Unknown(shim));

        var broker = BrokerAddress.Parse(Text(shim, "Broker") ?? "http://127.0.0.1:7410");
        if (broker is null)
            problems.Add("Shim__Broker has to be http://127.0.0.1:PORT, or another loopback address, or unix:/ABSOLUTE/PATH.");

        var listen = ListenAddress.Parse(Text(shim, "Listen") ?? "http://127.0.0.1:8080");
        if (listen is null)
            problems.Add("Shim__Listen has to be http://ADDRESS:PORT with an IP address, localhost or *; TLS is ended before the shim.");

        var keys = ReadKeys(shim.GetSection("Access:ApiKeys"), problems);
        var hosts = (Text(configuration, "AllowedHosts") ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var entra = EntraSettingsReader.Read(shim.GetSection("Access:Entra"), problems);
        var isGuarded = shim.GetSection("Access:ApiKeys").GetChildren().Any() || shim.GetSection("Access:Entra").GetChildren().Any();
        if (listen is { IsLoopback: false } && !isGuarded)
            problems.Add("Shim__Listen is beyond loopback, so an API key is needed, or Entra ID: Shim__Access__ApiKeys__0__Sha256 (see shim keygen) or Shim__Access__Entra__TenantId.");
        if (hosts.Contains("*") && !isGuarded)
            problems.Add("AllowedHosts=* needs an API key or Entra ID: without, any web page could reach the shim by DNS rebinding.");

        var settings = new ShimSettings
        {
            Broker = broker!,
            Listen = listen!,
            CallTimeout = ReadTime(shim, "CallTimeout", TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(1), problems),
            DrainTimeout = ReadTime(shim, "DrainTimeout", TimeSpan.FromSeconds(30), TimeSpan.Zero, problems),
            MaxRequestBytes = ReadMaxBytes(shim, problems),
            ApiKeys = keys,
            Entra = entra,
            CaFile = ReadCaFile(configuration.GetSection("Tls"), problems),
            AllowedHosts = [.. LoopbackNames.Union(hosts, StringComparer.OrdinalIgnoreCase)],
            AllowedOrigins = ReadOrigins(shim.GetSection("AllowedOrigins"), problems),
        };
        return problems.Count == 0 ? settings : throw new SettingsException(problems);
    }

    private static TimeSpan ReadTime(IConfiguration shim, string key, TimeSpan byDefault, TimeSpan least, List<string> problems)
    {
        // "120" would parse as 120 days, which the upper bound catches.
        if (Text(shim, key) is not { } text) return byDefault;
        if (TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time) && time >= least && time <= TimeSpan.FromHours(1)) return time;

        problems.Add($"Shim__{key} has to be hh:mm:ss from {least:c} to 01:00:00.");
        return default;
    }

    private static long ReadMaxBytes(IConfiguration shim, List<string> problems)
    {
        if (Text(shim, "MaxRequestBytes") is not { } text) return 1 << 20;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) && bytes is >= 1 << 10 and <= 1 << 26) return bytes;

        problems.Add("Shim__MaxRequestBytes has to be a whole number from 1024 to 67108864.");
        return 0;
    }

    private static string? ReadCaFile(IConfigurationSection tls, List<string> problems)
    {
        problems.AddRange(
            from setting in tls.AsEnumerable(makePathsRelative: true)
            where setting.Value is not null && !setting.Key.Equals("CaFile", StringComparison.OrdinalIgnoreCase)
            select $"Tls__{setting.Key} is not a setting. Is Tls__CaFile meant?");
        var file = Text(tls, "CaFile");
        if (file is not null && TrustedAuthorities.ProblemWith(file) is { } problem) problems.Add(problem);
        return file;
    }

    private static List<ApiKey> ReadKeys(IConfigurationSection section, List<string> problems)
    {
        var keys = new List<ApiKey>();
        foreach (var entry in section.GetChildren())
        {
            var setting = $"Shim__Access__ApiKeys__{entry.Key}";
            var name = Text(entry, "Name") ?? "";
            var digest = Text(entry, "Sha256") ?? "";

            // The value is not shown: a key pasted in place of its digest would end up in a log.
            var isDigest = digest.Length == 64 && digest.All(char.IsAsciiHexDigit);
            if (!isDigest) problems.Add($"{setting}__Sha256 has to be 64 hexadecimal digits: the digest, never the key itself.");
            if (ApiKey.ProblemWithName(name) is { } problem) problems.Add($"{setting}__Name {problem}");
            if (isDigest) keys.Add(new ApiKey(name, Convert.FromHexString(digest)));
        }

        if (keys.DistinctBy(key => key.Name).Count() < keys.Count)
            problems.Add("Shim__Access__ApiKeys: two keys have one name; the audit could not tell them apart.");
        if (keys.DistinctBy(key => Convert.ToHexString(key.Digest)).Count() < keys.Count)
            problems.Add("Shim__Access__ApiKeys: two entries are the same key.");
        return keys;
    }

    private static List<string> ReadOrigins(IConfigurationSection section, List<string> problems)
    {
        var origins = new List<string>();
        foreach (var entry in section.GetChildren())
        {
            if (Uri.TryCreate(entry.Value, UriKind.Absolute, out var origin) && origin.Scheme is "http" or "https" && origin.PathAndQuery == "/")
                origins.Add(origin.GetLeftPart(UriPartial.Authority));
            else
                problems.Add($"Shim__AllowedOrigins__{entry.Key} has to be an origin, such as https://inspector.example.com.");
        }

        return origins;
    }

    private static string? Text(IConfiguration section, string key) => section[key] is { Length: > 0 } text ? text : null;
}
