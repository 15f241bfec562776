using System.Text.Json;
using Google.Protobuf.WellKnownTypes;

namespace Sidecar.Shim.Arguments;

/// <summary>A JSON object with members that the contract does not name.</summary>
internal sealed class StructReader : ValueReader
{
    // A level of JSON is three of protobuf, whose parsers stop at a hundred.
    private const int MostLevels = 8;

    // Beyond this a protobuf number, which is a double, is no longer exact.
    private const double LargestExact = 9007199254740991;

    public override ReadValue Read(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object) return Expected("an object", value);

        try
        {
            return ReadValue.Of(Record(value, MostLevels));
        }
        catch (FormatException problem)
        {
            return ReadValue.Bad(problem.Message);
        }
        catch (InvalidOperationException)
        {
            return ReadValue.Bad("has a member whose name is not valid Unicode.");
        }
    }

    private static Struct Record(JsonElement value, int levels)
    {
        var record = new Struct();
        foreach (var member in value.EnumerateObject()) record.Fields[member.Name] = Any(member.Value, levels - 1);
        return record;
    }

    private static Value Any(JsonElement value, int levels) => value.ValueKind switch
    {
        _ when levels < 0 => throw new FormatException($"is nested more than {MostLevels} levels deep."),
        JsonValueKind.String => Value.ForString(Words.TextOf(value) ?? throw new FormatException("holds text that is not valid Unicode.")),
        JsonValueKind.Number => Value.ForNumber(Exact(value)),
        JsonValueKind.True => Value.ForBool(true),
        JsonValueKind.False => Value.ForBool(false),
        JsonValueKind.Object => Value.ForStruct(Record(value, levels)),
        JsonValueKind.Array => Value.ForList([.. value.EnumerateArray().Select(item => Any(item, levels - 1))]),
        _ => Value.ForNull(),
    };

    private static double Exact(JsonElement value) => value.TryGetDouble(out var number) && Math.Abs(number) <= LargestExact
        ? number
        : throw new FormatException($"the number {Words.Short(value.GetRawText())} is too large to be exact; send it as text.");
}
