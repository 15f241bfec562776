namespace Sidecar.Broker.Onboarding.Azure;

/// <summary>One word of a command line for bash, whatever is in it.</summary>
internal static class ShellWord
{
    /// <summary>As it is where that is safe; else in single quotes, within which a shell reads nothing but the quote that ends them.</summary>
    public static string Of(string text) =>
        text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || "-_./:@%+,=".Contains(c, StringComparison.Ordinal))
            ? text
            : $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
