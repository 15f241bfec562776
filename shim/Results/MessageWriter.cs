using System.Collections;
using System.Globalization;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Sidecar.Contract;

namespace Sidecar.Shim.Results;

/// <summary>Writes a message as JSON that fits <see cref="OutputSchema"/>.</summary>
internal static class MessageWriter
{
    public static void Write(Utf8JsonWriter json, IMessage message)
    {
        json.WriteStartObject();
        foreach (var field in message.Descriptor.Fields.InFieldNumberOrder())
        {
            if (!field.IsWritten(message)) continue;

            json.WritePropertyName(field.Name);
            var value = field.Accessor.GetValue(message);
            if (field.IsRepeated) WriteList(json, field, (IList)value);
            else WriteOne(json, field, value);
        }

        json.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter json, FieldDescriptor field, IList values)
    {
        json.WriteStartArray();
        foreach (var value in values) WriteOne(json, field, value!);
        json.WriteEndArray();
    }

    private static void WriteOne(Utf8JsonWriter json, FieldDescriptor field, object value)
    {
        switch (value)
        {
            case string text: json.WriteStringValue(text); break;
            case bool truth: json.WriteBooleanValue(truth); break;
            case int number when field.FieldType == FieldType.Int32: json.WriteNumberValue(number); break;
            case long number: json.WriteNumberValue(number); break;
            case uint number: json.WriteNumberValue(number); break;
            case double number: WriteNumber(json, number); break;
            case Timestamp time: json.WriteStringValue(Spell(time)); break;
            case Struct record: WriteStruct(json, record); break;
            case IMessage message: Write(json, message); break;
            default: WriteChoice(json, field, Convert.ToInt32(value, CultureInfo.InvariantCulture)); break;
        }
    }

    // A newer broker may know choices that this shim does not.
    private static void WriteChoice(Utf8JsonWriter json, FieldDescriptor field, int number) =>
        json.WriteStringValue(field.EnumType.FindValueByNumber(number)?.PlainName() ?? OutputSchema.OtherChoice);

    private static void WriteStruct(Utf8JsonWriter json, Struct record)
    {
        json.WriteStartObject();
        foreach (var (name, value) in record.Fields)
        {
            json.WritePropertyName(name);
            WriteValue(json, value);
        }

        json.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter json, Value value)
    {
        switch (value.KindCase)
        {
            case Value.KindOneofCase.StringValue: json.WriteStringValue(value.StringValue); break;
            case Value.KindOneofCase.BoolValue: json.WriteBooleanValue(value.BoolValue); break;
            case Value.KindOneofCase.NumberValue: WriteNumber(json, value.NumberValue); break;
            case Value.KindOneofCase.StructValue: WriteStruct(json, value.StructValue); break;
            case Value.KindOneofCase.ListValue:
                json.WriteStartArray();
                foreach (var item in value.ListValue.Values) WriteValue(json, item);
                json.WriteEndArray();
                break;
            default: json.WriteNullValue(); break;
        }
    }

    // JSON has no way to say infinity.
    private static void WriteNumber(Utf8JsonWriter json, double number)
    {
        if (double.IsFinite(number)) json.WriteNumberValue(number);
        else json.WriteNullValue();
    }

    private static string Spell(Timestamp time)
    {
        var moment = time.ToDateTime();
        return moment.ToString(moment.Ticks % TimeSpan.TicksPerSecond == 0 ? "yyyy-MM-ddTHH:mm:ssZ" : "yyyy-MM-ddTHH:mm:ss.FFFFFFFZ", CultureInfo.InvariantCulture);
    }
}
