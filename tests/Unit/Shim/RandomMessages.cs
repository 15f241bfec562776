using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Enum = System.Enum;

namespace Sidecar.Tests.Unit.Shim;

/// <summary>Any message of a type, decided by a seed: every field set or not, lists empty or not.</summary>
internal sealed class RandomMessages(int seed)
{
    private static readonly string[] Texts = ["", "a", "Größe \"1\" <b>&amp;</b>\n😀", "2 - High", "\u0000\u001f\u2028"];

    private readonly Random _random = new(seed);

    public IMessage Of(MessageDescriptor type)
    {
        var message = type.Parser.ParseFrom(ByteString.Empty);
        foreach (var field in type.Fields.InFieldNumberOrder())
        {
            if (field.IsRepeated)
            {
                var list = (IList)field.Accessor.GetValue(message);
                for (var count = _random.Next(3); count > 0; count--) list.Add(Value(field));
            }
            else if (_random.Next(2) == 0)
            {
                field.Accessor.SetValue(message, Value(field));
            }
        }

        return message;
    }

    private object Value(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.String => Texts[_random.Next(Texts.Length)],
        FieldType.Bool => _random.Next(2) == 0,
        FieldType.Int32 => _random.Next(int.MinValue, int.MaxValue),
        FieldType.Int64 => _random.NextInt64(long.MinValue, long.MaxValue),

        // One beyond the last: a newer broker may know more choices.
        FieldType.Enum => Enum.ToObject(field.EnumType.ClrType, _random.Next(field.EnumType.Values.Count + 1)),
        FieldType.Message when field.MessageType == Timestamp.Descriptor =>
            new Timestamp { Seconds = _random.NextInt64(-62135596800, 253402300799), Nanos = _random.Next(2) * _random.Next(999_999_999) },
        FieldType.Message when field.MessageType == Struct.Descriptor => Record(3),
        FieldType.Message => Of(field.MessageType),
        _ => throw new NotSupportedException(field.FullName),
    };

    private Struct Record(int levels)
    {
        var record = new Struct();
        for (var count = _random.Next(4); count > 0; count--) record.Fields[$"udf_{count}"] = Any(levels - 1);
        return record;
    }

    private Value Any(int levels) => _random.Next(levels > 0 ? 6 : 4) switch
    {
        0 => Google.Protobuf.WellKnownTypes.Value.ForNull(),
        1 => Google.Protobuf.WellKnownTypes.Value.ForBool(true),
        2 => Google.Protobuf.WellKnownTypes.Value.ForNumber(_random.Next(10) == 0 ? double.NaN : _random.NextDouble() * 1e18),
        3 => Google.Protobuf.WellKnownTypes.Value.ForString(Texts[_random.Next(Texts.Length)]),
        4 => Google.Protobuf.WellKnownTypes.Value.ForStruct(Record(levels)),
        _ => Google.Protobuf.WellKnownTypes.Value.ForList(Any(levels - 1), Any(levels - 1)),
    };
}
