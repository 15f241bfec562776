namespace Sidecar.Telemetry;

/// <summary>URLs without what tells one record, user or search from another.</summary>
internal static class UrlTemplate
{
    private const string Placeholder = "{id}";

    /// <summary>The URL without user, query and fragment; parts of its path with a digit in them are taken for ids, but for versions: <c>v3</c>, <c>sdp.v1.RequestService</c>.</summary>
    public static string Of(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var whole)) return Placeholder;
        var path = string.Join('/', whole.AbsolutePath.Split('/').Select(part => IsId(part) ? Placeholder : part));
        return $"{whole.Scheme}://{whole.Authority}{path}";
    }

    /// <summary>The path of what <see cref="Of"/> made.</summary>
    public static string PathOf(string template) => template.Split('/', 4) is [_, _, _, var path] ? $"/{path}" : template;

    private static bool IsId(string part) => part.Split('.').Any(word => word.Any(char.IsAsciiDigit) && !IsVersion(word));

    private static bool IsVersion(string word) => word[0] == 'v' && word.Length <= 4 && word.Skip(1).All(char.IsAsciiDigit);
}
