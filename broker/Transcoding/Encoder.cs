using System.Globalization;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Sidecar.Contract;
using Enum = System.Enum;

namespace Sidecar.Broker.Transcoding;

/// <summary>Turns a request of the contract into the body that ServiceDesk Plus wants.</summary>
internal static class Encoder
{
    /// <summary>The record of a write, without its wrapper; fields that are not set are left out.</summary>
    /// <param name="request">The request.</param>
    /// <param name="call">How it is done.</param>
    /// <param name="ids">By key, the ids of names that this instance wants by id.</param>
    public static JsonObject Record(IMessage request, Call call, IReadOnlyDictionary<string, string> ids)
    {
        var record = new JsonObject();
        foreach (var field in request.Descriptor.Fields.InFieldNumberOrder())
        {
            if (field.Annotation().Clears)
            {
                foreach (string name in (RepeatedField<string>)field.Accessor.GetValue(request))
                    FieldKeys.Put(record, request.Descriptor.FindFieldByName(name).Key(), null);
            }
            else if (field.IsInBody() && IsSet(request, field) && !PathTemplate.Uses(call, field))
            {
                var key = field.Key();
                FieldKeys.Put(record, key, ids.TryGetValue(key, out var id) ? new JsonObject { ["id"] = id } : Value(field, field.Accessor.GetValue(request)));
            }
        }

        foreach (var constant in call.Always) FieldKeys.Put(record, constant.Key, JsonNode.Parse(constant.Json));
        return record;
    }

    /// <summary>True if the caller gave the field.</summary>
    public static bool IsSet(IMessage message, FieldDescriptor field)
    {
        if (field.IsRepeated) return ((System.Collections.IList)field.Accessor.GetValue(message)).Count > 0;
        if (field.HasPresence) return field.Accessor.HasValue(message);
        return field.Accessor.GetValue(message) switch
        {
            string text => text.Length > 0,
            bool flag => flag,
            int number => number != 0,
            long number => number != 0,
            Enum choice => Convert.ToInt32(choice, CultureInfo.InvariantCulture) != 0,
            _ => true,
        };
    }

    /// <summary>How a person is named: by e-mail address, id or name, as the text looks.</summary>
    public static string PersonKey(string text) =>
        text.Contains('@') ? "email_id" : text.All(char.IsAsciiDigit) ? "id" : "name";

    /// <summary>Milliseconds since 1970 as text, the one form of time that the API takes.</summary>
    public static string EpochMilliseconds(Timestamp time) =>
        time.ToDateTimeOffset().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);

    private static JsonNode? Value(FieldDescriptor field, object value) => (field.Annotation().As, value) switch
    {
        (Form.Name, string text) => new JsonObject { ["name"] = text },
        (Form.Person, string text) => new JsonObject { [PersonKey(text)] = text },
        (Form.Text, string text) => JsonValue.Create(PlainText.ToHtml(text)),
        (Form.CustomFields, Struct fields) => CustomFields.Encode(fields),
        (_, Timestamp time) => new JsonObject { ["value"] = EpochMilliseconds(time) },
        (_, IEnumerable<string> items) => new JsonArray([.. items.Select(item => (JsonNode)JsonValue.Create(item))]),
        (_, string text) => JsonValue.Create(text),
        (_, bool flag) => JsonValue.Create(flag),
        (_, int number) => JsonValue.Create(number),
        (_, long number) => JsonValue.Create(number),
        _ => throw new InvalidOperationException($"The contract has no spelling for {field.FullName}."),
    };
}
