using System.Globalization;
using System.Text.Json;
using Sidecar.Contract;

namespace Sidecar.Shim.Arguments;

/// <summary>A whole number, also as text or written like 5.0, between the contract's bounds.</summary>
internal sealed class IntegerReader(Field bounds, long typeMin, long typeMax, Func<long, object> convert) : ValueReader
{
    // The contract's bounds count only if there is an upper one.
    private readonly long _min = bounds.Max != 0 ? bounds.Min : typeMin;
    private readonly long _max = bounds.Max != 0 ? bounds.Max : typeMax;

    public override ReadValue Read(JsonElement value)
    {
        var text = value.ValueKind switch
        {
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.String => Words.TextOf(value),
            _ => null,
        };
        if (text is null || !decimal.TryParse(text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || number != Math.Truncate(number))
            return Expected($"a whole number{Range}", value);

        return number < _min || number > _max
            ? ReadValue.Bad($"has to be{Range}, not {Words.Of(value)}.")
            : ReadValue.Of(convert((long)number));
    }

    private string Range => $" from {_min} to {_max}";
}
