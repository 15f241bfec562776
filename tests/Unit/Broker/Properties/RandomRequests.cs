using System.Collections;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Sidecar.Contract;
using Enum = System.Enum;

namespace Sidecar.Tests.Unit.Broker.Properties;

/// <summary>Requests that the contract allows, decided by a seed, with texts that are hard on whoever carries them.</summary>
internal sealed class RandomRequests(Random random)
{
    // Times are kept by the millisecond, from 1973 to 2983.
    private const long FirstTime = 100_000_000_000, LastTime = 32_000_000_000_000;

    private static readonly string[] Hard =
    [
        "<b>", "</p>", "&amp;", "&lt;", "&#0;", "&nbsp", "<!--", "-->", "<![CDATA[", "]]>", "<script>", "\"", "'", "\\", "\\u0000", "{\"a\":1}", "%00", "%2F", "+", "=", "&", ";",
        "\u00e9", "e\u0301", "ß", "İ", "привет", "日本語", "😀", "👩‍👩‍👧", "🇩🇪", "\u202e", "\u200b", "\u200d", "\ufeff", "\ufffd", "\uffff", "\U0010ffff", "\u0001", "\u007f", "\u0085", "\u00a0", "\u2028", "\u3000",
    ];

    private static readonly string[] Plain = ["a", "B", "7", "ask", "Printer", "2 - High", "null pointer", "x", "0", "-"];

    /// <summary>A request of an operation.</summary>
    public IMessage Of(Operation operation)
    {
        var request = operation.NewRequest();
        foreach (var field in request.Descriptor.Fields.InFieldNumberOrder())
        {
            var isNeeded = field.IsRequiredByContract();
            if (field.Annotation().Clears || (!isNeeded && random.Next(2) == 0)) continue;
            if (!field.IsRepeated) field.Accessor.SetValue(request, Value(field));
            else for (var count = random.Next(isNeeded ? 1 : 0, 4); count > 0; count--) ((IList)field.Accessor.GetValue(request)).Add(Value(field));
        }

        return request;
    }

    /// <summary>A line of text: never empty, nothing at its ends that is trimmed.</summary>
    public string Line(int atMost = 60) => Words(1, atMost).Replace('\u0001', '1').Replace('\u007f', '2').Replace('\u0085', '3');

    private string Text() => Words(random.Next(1, 6), 400);

    private string Words(int lines, int atMost)
    {
        var text = new StringBuilder("ask");
        for (var line = 0; line < lines; line++)
        {
            if (line > 0) text.Append(random.Next(3) switch { 0 => "\r\n", 1 => "\n\n", _ => "\n" });
            for (var words = random.Next(1, 6); words > 0; words--)
            {
                var word = random.Next(2) == 0 ? Hard[random.Next(Hard.Length)] : random.Next(4) == 0 ? Any() : Plain[random.Next(Plain.Length)];
                if (text.Length + word.Length + 2 < atMost) text.Append(random.Next(3) == 0 ? " " : "").Append(word);
            }
        }

        return text.Append('k').ToString();
    }

    // Any character there is.
    private string Any()
    {
        var value = random.Next(0x110000);
        return Rune.IsValid(value) && !char.IsControl(value < 0x10000 ? (char)value : 'x') ? new Rune(value).ToString() : "y";
    }

    private object Value(FieldDescriptor field)
    {
        var annotation = field.Annotation();
        return field.FieldType switch
        {
            FieldType.String when annotation.IdOf.Length > 0 => random.Next(4) == 0 ? "#33903" : "123456789012345678",
            FieldType.String when annotation.PatternRegex() is not null => $"ask{random.Next(99)}@example.com",
            FieldType.String when field.Name == "lists" => random.Next(2) == 0 ? "statuses" : "priorities",
            FieldType.String when field.Name.EndsWith("_id", StringComparison.Ordinal) => "123456789012345679",
            FieldType.String when annotation.As == Form.Text || (annotation.MaxLength > 250 && annotation.As == Form.Unspecified) => Text(),
            FieldType.String when annotation.As == Form.Person => random.Next(3) switch { 0 => $"ask{random.Next(99)}@example.com", 1 => "123456789012345678", _ => Line() },
            FieldType.String => Line(),
            FieldType.Bool => random.Next(2) == 0,
            FieldType.Int32 => random.Next((int)Math.Max(1, annotation.Min), (int)Math.Min(annotation.Max, 50) + 1),
            FieldType.Enum => Enum.ToObject(field.EnumType.ClrType, field.EnumType.Choices().ElementAt(random.Next(field.EnumType.Choices().Count())).Number),
            FieldType.Message when field.MessageType == Timestamp.Descriptor => Time(),
            FieldType.Message when field.MessageType == Struct.Descriptor => Custom(2),
            _ => throw new NotSupportedException(field.FullName),
        };
    }

    private Timestamp Time() => Timestamp.FromDateTimeOffset(DateTimeOffset.FromUnixTimeMilliseconds(random.NextInt64(FirstTime, LastTime)));

    private Struct Custom(int levels)
    {
        var fields = new Struct();
        for (var count = random.Next(1, 5); count > 0; count--) fields.Fields[$"udf_{(char)('a' + random.Next(26))}{count}"] = Any(levels);
        if (random.Next(2) == 0) fields.Fields["udf_date1"] = Google.Protobuf.WellKnownTypes.Value.ForString(Date());
        return fields;
    }

    // A day, or a moment by the second.
    private string Date()
    {
        var time = DateTimeOffset.FromUnixTimeSeconds(random.NextInt64(FirstTime / 1000, LastTime / 1000));
        return time.ToString(random.Next(2) == 0 ? "yyyy-MM-dd" : "yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
    }

    private Value Any(int levels) => random.Next(levels > 0 ? 7 : 5) switch
    {
        0 => Google.Protobuf.WellKnownTypes.Value.ForBool(random.Next(2) == 0),
        1 => Google.Protobuf.WellKnownTypes.Value.ForNumber(random.Next(-1000, 1000)),
        2 => Google.Protobuf.WellKnownTypes.Value.ForNumber(Math.ScaleB(random.NextDouble() - 0.5, random.Next(-60, 50))),
        3 => Google.Protobuf.WellKnownTypes.Value.ForNumber(random.NextInt64(-9007199254740991, 9007199254740991)),
        4 => Google.Protobuf.WellKnownTypes.Value.ForString(Line()),
        5 => Google.Protobuf.WellKnownTypes.Value.ForList([.. Enumerable.Range(0, random.Next(4)).Select(_ => Any(levels - 1))]),
        _ => Google.Protobuf.WellKnownTypes.Value.ForStruct(Custom(levels - 1)),
    };
}
