using System.Text.Json;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Sidecar.Contract;

namespace Sidecar.Shim.Arguments;

/// <summary>Reads one JSON value as one type of the contract, as leniently as is safe: what is meant has to be beyond doubt.</summary>
internal abstract class ValueReader
{
    public abstract ReadValue Read(JsonElement value);

    public static ValueReader For(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.String => new StringReader(field.Annotation()),
        FieldType.Bool => new BoolReader(),
        FieldType.Int32 => new IntegerReader(field.Annotation(), int.MinValue, int.MaxValue, number => (int)number),
        FieldType.Int64 => new IntegerReader(field.Annotation(), long.MinValue, long.MaxValue, number => number),
        FieldType.Enum => new ChoiceReader(field.EnumType),
        FieldType.Message when field.MessageType == Timestamp.Descriptor => new TimeReader(),
        FieldType.Message when field.MessageType == Struct.Descriptor => new StructReader(),
        _ => throw new NotSupportedException($"{field.FullName}: no argument is defined for {field.FieldType}."),
    };

    protected static ReadValue Expected(string what, JsonElement given) => ReadValue.Bad($"expected {what}, not {Words.Of(given)}.");
}
