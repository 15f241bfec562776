namespace Sidecar.Broker.Operations;

/// <summary>The two ways a record is named: the number people use and the long id the API wants.</summary>
internal static class RequestNumber
{
    // Long ids were seen with 15 to 19 digits; the numbers people use count up from 1.
    private const int ShortestLongId = 15, LongestLongId = 20;

    /// <summary>Reads 33903, #33903 or a long id.</summary>
    public static bool TryParse(string text, out string digits, out bool isLongId)
    {
        text = text.Trim();
        var hashed = text.StartsWith('#');
        digits = hashed ? text[1..].Trim() : text;
        isLongId = !hashed && digits.Length >= ShortestLongId;
        return digits.Length is > 0 and <= LongestLongId && digits.All(char.IsAsciiDigit);
    }
}
