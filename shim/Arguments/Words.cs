using System.Text.Json;

namespace Sidecar.Shim.Arguments;

/// <summary>Names a given value in an error, shortly.</summary>
internal static class Words
{
    private const int MostLetters = 60;

    public static string Of(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => TextOf(value) is { } text ? $"the text {Quote(text)}" : "text that is not valid Unicode",
        JsonValueKind.Number => $"the number {Short(value.GetRawText())}",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "an object",
        _ => "null",
    };

    public static string Quote(string text) => $"\"{Short(text)}\"";

    public static string Short(string text) => text.Length <= MostLetters ? text : $"{text[..MostLetters]}…";

    /// <summary>The text, or null if it holds half a surrogate pair, which JSON can spell and Unicode cannot.</summary>
    public static string? TextOf(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
