using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Google.Protobuf.WellKnownTypes;

namespace Sidecar.Shim.Arguments;

/// <summary>
/// A moment: RFC 3339 with an offset. A date alone, or a time without an offset, is refused with the way to write it: a
/// guessed time zone would move due dates without anybody noticing.
/// </summary>
internal sealed partial class TimeReader : ValueReader
{
    private const string Wanted = "an RFC 3339 time with an offset, such as 2026-07-01T09:00:00+02:00 or 2026-07-01T07:00:00Z";

    public override ReadValue Read(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String || Words.TextOf(value) is not { } text) return Expected(Wanted, value);
        if (text.Length == 0) return default;

        var trimmed = text.Trim();
        if (Moment.IsMatch(trimmed))
            return DateTimeOffset.TryParse(trimmed, CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment)
                ? ReadValue.Of(Timestamp.FromDateTimeOffset(moment))
                : ReadValue.Bad($"{Words.Quote(text)} is no time that exists.");

        if (DateOnly.TryParseExact(trimmed, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
            return ReadValue.Bad($"{trimmed} is only a date; add the time and the offset that are meant, such as {trimmed}T09:00:00+02:00.");

        return LocalMoment.IsMatch(trimmed)
            ? ReadValue.Bad($"{trimmed} has no UTC offset; add the one that is meant, such as {trimmed}+02:00, or Z for UTC.")
            : Expected(Wanted, value);
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+-]\d\d:\d\d)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Moment { get; }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex LocalMoment { get; }
}
