using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Shouldly;
using Sidecar.Broker.Sdp;
using Sidecar.Broker.Transcoding;
using Sidecar.Contract;
using Sidecar.Contract.Sdp;
using Xunit;

namespace Sidecar.Tests.Unit.Broker.Properties;

/// <summary>What is written arrives, and comes back as it was: through the form body there, and through the record back.</summary>
public class RoundTripTests
{
    private static readonly List<Operation> Writes = [.. Catalog.Current.Operations.Where(operation => operation.Call is { HttpCase: Call.HttpOneofCase.Post or Call.HttpOneofCase.Put })];

    private static readonly JsonSerializerOptions Unescaped = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public void Every_value_of_every_write_comes_back_as_it_was()
    {
        var compared = 0;
        Gen.Int[0, int.MaxValue].Sample(seed => Interlocked.Add(ref compared, RoundTrip(seed)), iter: 3000);
        compared.ShouldBeGreaterThan(10_000);
    }

    private static int RoundTrip(int seed)
    {
        var random = new Random(seed);
        var operation = Writes[random.Next(Writes.Count)];
        var request = new RandomRequests(random).Of(operation);
        var echo = Echo(Received(Encoder.Record(request, operation.Call!, new Dictionary<string, string>())), random);

        // The request's own type reads every member of the body; the reply's type, what it has of them.
        return Compare(request, Decoder.Record(echo, request.Descriptor), seed) + Compare(request, Decoder.Record(echo, operation.Descriptor.OutputType), seed);
    }

    [Fact]
    public void There_are_writes_to_try() => Writes.Select(write => write.Name).ShouldBe(
        ["CreateRequest", "UpdateRequest", "CloseRequest", "AddNote", "AddPrivateNote", "SendMessage"], ignoreOrder: true);

    // As the instance takes it out of the form.
    private static JsonObject Received(JsonObject record)
    {
        using var content = new InputDataContent(record.ToJsonString(Unescaped));
        var form = content.ReadAsStringAsync().GetAwaiter().GetResult();
        form.ShouldStartWith("input_data=");
        form["input_data=".Length..].ShouldNotContain("&");
        return JsonNode.Parse(WebUtility.UrlDecode(form["input_data=".Length..]))!.AsObject();
    }

    // As the instance gives it out: references with more than the name, times with a text for people, HTML in CDATA or not.
    private static JsonElement Echo(JsonObject record, Random random)
    {
        foreach (var (key, value) in record.ToList())
        {
            switch (value)
            {
                case JsonObject reference when reference.ContainsKey("name"):
                    reference["color"] = "#ff0000";
                    break;
                case JsonObject time when key.EndsWith("_time", StringComparison.Ordinal) && time.ContainsKey("value"):
                    record[key] = new JsonObject { ["display_value"] = "Sep 18, 2026 12:00 PM", ["value"] = time["value"]!.DeepClone() };
                    break;
                case JsonValue text when key == "description" && random.Next(3) == 0:
                    record[key] = $"<![CDATA[{(string)text!}]]>";
                    break;
                default:
                    break;
            }
        }

        record["id"] = "123456789012345670";
        record["attachments"] = null;
        record["email_ids_to_notify"] = "null";
        return AnswerOf(record);
    }

    private static JsonElement AnswerOf(JsonObject record)
    {
        var reader = new Utf8JsonReader(AnswerText.Repair(System.Text.Encoding.UTF8.GetBytes(record.ToJsonString())).Span);
        return JsonElement.ParseValue(ref reader);
    }

    private static int Compare(IMessage request, IMessage read, int seed)
    {
        var compared = 0;
        foreach (var field in request.Descriptor.Fields.InFieldNumberOrder().Where(field => field.IsInBody() && Encoder.IsSet(request, field)))
        {
            if (read.Descriptor.Fields.InFieldNumberOrder().FirstOrDefault(other => other.Key() == field.Key()) is not { } other) continue;
            // A member of the path may be one of the reply, and of the body it is none.
            if (field.Name.EndsWith("_id", StringComparison.Ordinal)) continue;
            var (written, found) = (field.Accessor.GetValue(request), other.Accessor.GetValue(read));
            Same(field, written, found).ShouldBeTrue($"{request.Descriptor.Name}.{field.Name}, seed {seed}: {written} came back as {found}");
            compared++;
        }

        return compared;
    }

    private static bool Same(FieldDescriptor field, object written, object? found) => (written, found) switch
    {
        (string text, string there) when field.Annotation().As == Form.Text => Layout(text) == Layout(there),
        (string text, Person person) => text == (text.Contains('@', StringComparison.Ordinal) ? person.Email : text.Length == 18 && text.All(char.IsAsciiDigit) ? person.Id : person.Name),
        (Struct fields, Struct there) => fields.Fields.Where(pair => !IsNothing(pair.Value)).All(pair => there.Fields.TryGetValue(pair.Key, out var value) && Same(pair.Value, value)),
        (Struct fields, null) => fields.Fields.Values.All(IsNothing),
        (IEnumerable<string> items, IEnumerable<string> there) => items.SequenceEqual(there),
        _ => Equals(written, found),
    };

    private static bool Same(Value written, Value found) => (written.KindCase, found.KindCase) switch
    {
        (Value.KindOneofCase.StructValue, Value.KindOneofCase.StructValue) =>
            written.StructValue.Fields.Where(pair => !IsNothing(pair.Value)).All(pair => found.StructValue.Fields.TryGetValue(pair.Key, out var value) && Same(pair.Value, value)),
        (Value.KindOneofCase.ListValue, Value.KindOneofCase.ListValue) => written.ListValue.Values.Zip(found.ListValue.Values).All(pair => Same(pair.First, pair.Second))
            && written.ListValue.Values.Count == found.ListValue.Values.Count,
        _ => written.Equals(found),
    };

    // An object without anything in it is none.
    private static bool IsNothing(Value value) => value.KindCase == Value.KindOneofCase.NullValue;

    // HTML knows words, lines, and one empty line.
    private static string Layout(string text)
    {
        var lines = text.Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n').Select(line => string.Join(' ', line.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries)));
        var layout = string.Join('\n', lines);
        while (layout.Contains("\n\n\n", StringComparison.Ordinal)) layout = layout.Replace("\n\n\n", "\n\n", StringComparison.Ordinal);
        return layout.Trim();
    }
}
