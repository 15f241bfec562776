namespace Sidecar.Telemetry;

/// <summary>URLs without what tells one record, user or search from another.</summary>
internal static class UrlTemplate
{
    private const string Placeholder = "{id}";

    /// <summary>The URL without user, query and fragment; parts of its path with a digit in them are taken for ids, but for versions such as v3.</summary>
    public static string Of(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var whole)) return Placeholder;
        var path = string.Join('/', whole.AbsolutePath.Split('/').Select(part => part.Any(char.IsAsciiDigit) && !IsVersion(part) ? Placeholder : part));
        return $"{whole.Scheme}://{whole.Authority}{path}";
    }

    /// <summary>The path of what <see cref="Of"/> made.</summary>
    public static string PathOf(string template) => template.Split('/', 4) is [_, _, _, var path] ? $"/{path}" : template;

    private static bool IsVersion(string part) => part[0] == 'v' && part.Length is > 1 and <= 5 && part.Skip(1).All(character => char.IsAsciiDigit(character) || character == '.');
}
