using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Shouldly;
using Sidecar.Broker.Transcoding;
using Sidecar.Contract;
using Sidecar.Contract.Sdp;
using Xunit;

namespace Sidecar.Tests.Unit.Broker;

public class TranscodingTests
{
    private static readonly Dictionary<string, string> NoIds = [];

    [Fact]
    public void Nothing_is_sent_that_was_not_given() => Encode("CreateRequest", new CreateRequestRequest()).ShouldBe("{}");

    [Fact]
    public void Every_form_is_spelled_as_the_api_wants_it()
    {
        var request = new CreateRequestRequest
        {
            Subject = "S",
            Description = "a<b>\nc",
            Requester = "anna@example.com",
            Technician = "123456789012345678",
            Group = "Desk",
            DueByTime = Timestamp.FromDateTimeOffset(DateTimeOffset.FromUnixTimeMilliseconds(1_593_000_300_533)),
            CustomFields = Struct.Parser.ParseJson("""{"udf_sline_1":"x","udf_date1":"2026-09-18","udf_flag":false,"udf_none":null,"udf_list":[1,"a"]}"""),
        };
        Encode("CreateRequest", request).ShouldBe(Compact("""
            {"subject":"S","description":"a&lt;b&gt;<br>c","requester":{"email_id":"anna@example.com"},"technician":{"id":"123456789012345678"},
             "group":{"name":"Desk"},"due_by_time":{"value":"1593000300533"},
             "udf_fields":{"udf_sline_1":"x","udf_date1":{"value":"2026-09-18"},"udf_flag":false,"udf_none":null,"udf_list":[1,"a"]}}
            """));
        Encode("CreateRequest", new CreateRequestRequest { Requester = "Anna Smith", Technician = "12345" })
            .ShouldBe("""{"requester":{"name":"Anna Smith"},"technician":{"id":"12345"}}""");
    }

    [Fact]
    public void Keys_with_dots_become_nested_objects_and_path_values_stay_out_of_the_body()
    {
        Encode("UpdateRequest", new UpdateRequestRequest { RequestId = "1", Resolution = "done" }).ShouldBe("""{"resolution":{"content":"done"}}""");
        Encode("CloseRequest", new CloseRequestRequest { RequestId = "1", Resolution = "local", ClosureCode = "Success", ClosureComments = "ok", RequesterAgreed = true })
            .ShouldBe("""{"closure_info":{"closure_code":{"name":"Success"},"closure_comments":"ok","requester_ack_resolution":true}}""");
        Encode("SendMessage", new SendMessageRequest { RequestId = "1", To = { "a@b" }, Message = "hi", InReplyTo = "2" })
            .ShouldBe(Compact("""{"to":["a@b"],"description":"hi","in_reply_to":{"id":"2"},"type":"REQREPLY","is_public":true}"""));
    }

    [Fact]
    public void A_cleared_field_is_null_under_its_own_key()
    {
        Encode("UpdateRequest", new UpdateRequestRequest { RequestId = "1", ClearFields = { "technician", "resolution", "custom_fields" } })
            .ShouldBe("""{"technician":null,"resolution":{"content":null},"udf_fields":null}""");
    }

    [Fact]
    public void What_an_operation_always_sends_no_caller_can_change()
    {
        Encode("AddNote", new AddNoteRequest { RequestId = "1", Note = "x" }).ShouldBe("""{"description":"x","show_to_requester":true}""");
        Encode("AddPrivateNote", new AddPrivateNoteRequest { RequestId = "1", Note = "x", NotifyTechnician = true })
            .ShouldBe("""{"description":"x","notify_technician":true,"show_to_requester":false}""");
    }

    [Fact]
    public void A_name_that_the_instance_wants_by_id_goes_as_an_id() => Encoder.Record(
        new CreateRequestRequest { Subject = "S", Priority = "High" }, Catalog.Current["CreateRequest"].Call!, new Dictionary<string, string> { ["priority"] = "7" })
        .ToJsonString().ShouldBe("""{"subject":"S","priority":{"id":"7"}}""");

    [Theory]
    [InlineData("""{"udf_n":1234567890123456}""")]
    [InlineData("""{"udf_n":9007199254740991}""")]
    [InlineData("""{"udf_n":-5}""")]
    [InlineData("""{"udf_n":0.25}""")]
    public void Numbers_of_custom_fields_keep_their_digits(string json) =>
        Encode("CreateRequest", new CreateRequestRequest { CustomFields = Struct.Parser.ParseJson(json) }).ShouldBe($$"""{"udf_fields":{{json}}}""");

    [Theory]
    [InlineData("2026-09-18", "2026-09-18")]
    [InlineData("2026-09-18T10:00:00Z", "1789725600000")]
    [InlineData("2026-09-18T12:00:00+02:00", "1789725600000")]
    [InlineData("2026-09-18T12:00+02:00", "1789725600000")]
    [InlineData("2026-09-18T12:00:00.5+02:00", "1789725600500")]
    [InlineData("2026-09-18T12:00:00", null)]
    [InlineData("03/04/2026", null)]
    [InlineData("May 2026", null)]
    [InlineData("12", null)]
    [InlineData("tomorrow", null)]
    public void A_custom_date_is_a_day_or_a_moment_and_never_a_guess(string text, string? value)
    {
        var fields = new Struct { Fields = { ["udf_date1"] = Value.ForString(text), ["udf_update_1"] = Value.ForString(text) } };
        var encoded = CustomFields.Encode(fields);
        encoded["udf_update_1"]!.ToJsonString().ShouldBe(JsonSerializer.Serialize(text));
        if (value is null) encoded["udf_date1"]!.GetValueKind().ShouldBe(JsonValueKind.String);
        else encoded["udf_date1"]!.ToJsonString().ShouldBe($$"""{"value":"{{value}}"}""");
    }

    [Theory]
    [InlineData("""{"a":12345678901234567890}""", """{ "a": "12345678901234567890" }""")]
    [InlineData("""{"a":1e400}""", """{ "a": "1e400" }""")]
    [InlineData("""{"a":0.1,"b":true,"c":null,"d":"null","e":[]}""", """{ "a": 0.1, "b": true, "e": [ ] }""")]
    [InlineData("""{"a":{"value":"2026-09-18"}}""", """{ "a": "2026-09-18" }""")]
    [InlineData("""{"a":{"display_value":"Jun","value":"1593000300533"}}""", """{ "a": "2020-06-24T12:05:00Z" }""")]
    [InlineData("""{"a":{"id":"1","name":"Red"},"b":[{"name":"x"},{"name":"y"}]}""", """{ "a": "Red", "b": [ "x", "y" ] }""")]
    public void Custom_fields_come_back_plain(string json, string expected) => CustomFields.Decode(JsonElement.Parse(json)).ToString().ShouldBe(expected);

    [Fact]
    public void Custom_fields_nested_to_the_depth_of_the_parser_still_fit_into_a_message()
    {
        var json = string.Concat(Enumerable.Repeat("""{"a":[""", 25)) + "1" + string.Concat(Enumerable.Repeat("]}", 25));
        var bytes = new Request { CustomFields = CustomFields.Decode(JsonElement.Parse(json)) }.ToByteArray();
        Request.Parser.ParseFrom(bytes).CustomFields.Fields.ShouldContainKey("a");
    }

    [Fact]
    public void A_record_is_read_whatever_way_its_values_are_spelled()
    {
        var request = Decode<Request>("""
            {"id":1234567890123456789,"display_id":{"display_value":"33903","value":"33903"},"subject":"null","description":"<p>a</p><p>b</p>",
             "status":{"id":"1","name":"Open","in_progress":"true"},"priority":"High","urgency":null,"impact":{"name":null,"id":"9"},
             "requester":{"id":"2","name":"Anna","email_id":null},"technician":"Bob","created_time":{"display_value":"x","value":"1593000300533"},
             "due_by_time":"1593000300533","responded_time":1593000300533,"resolved_time":"null","completed_time":{"value":null},"last_updated_time":"soon",
             "is_overdue":"TRUE","has_notes":1,"attachments":[{"id":"5","size":"12"},null,"null",7],"resolution":null,"closure_info":[],"udf_fields":{"a":null}}
            """);
        (request.Id, request.DisplayId, request.Subject, request.Description).ShouldBe(("1234567890123456789", "33903", "", "a\nb"));
        (request.Status, request.Priority, request.Urgency, request.Impact, request.IsOpen).ShouldBe(("Open", "High", "", "9", true));
        (request.Requester.Name, request.Requester.Email, request.Technician).ShouldBe(("Anna", "", null));
        foreach (var time in new[] { request.CreatedTime, request.DueByTime, request.RespondedTime }) Encoder.EpochMilliseconds(time).ShouldBe("1593000300533");
        (request.ResolvedTime, request.CompletedTime, request.LastUpdatedTime).ShouldBe((null, null, null));
        (request.IsOverdue, request.HasNotes, request.ClosureCode, request.CustomFields).ShouldBe((true, false, "", null));
        request.Attachments.ShouldHaveSingleItem().Size.ShouldBe(12);
    }

    [Fact]
    public void No_json_makes_the_decoder_throw_or_makes_a_message_that_cannot_travel()
    {
        var types = Catalog.Current.Operations.Select(operation => operation.Descriptor.OutputType).Distinct().ToList();
        Gen.Int[0, int.MaxValue].Sample(seed =>
        {
            var random = new Random(seed);
            var type = types[random.Next(types.Count)];
            var json = JsonElement.Parse(RandomJson.Record(random, type).ToJsonString());
            type.Parser.ParseFrom(Decoder.Record(json, type).ToByteArray());
        }, iter: 3000);
    }

    [Fact]
    public void What_is_written_is_what_is_read_back() => Gen.Select(Gen.Int[0, 5], Gen.Long[100_000_000_000, 4_000_000_000_000], Gen.Bool).Sample((pick, time, flag) =>
    {
        var text = new[] { "plain", "2 - High", "a \"quoted\" 😀", "Größe", "<not> & markup", "x" }[pick];
        var written = new UpdateRequestRequest
        {
            Subject = text, Description = text, Requester = "anna@example.com", Technician = "123456789012345678", Group = text, Status = text, Resolution = text,
            DueByTime = Timestamp.FromDateTimeOffset(DateTimeOffset.FromUnixTimeMilliseconds(time)),
            CustomFields = new Struct { Fields = { ["udf_a"] = Value.ForString(text), ["udf_n"] = Value.ForNumber(time), ["udf_b"] = Value.ForBool(flag), ["udf_date"] = Value.ForString("2026-09-18") } },
        };
        var echo = JsonElement.Parse(Encode("UpdateRequest", written));
        var read = (Request)Decoder.Record(echo, Request.Descriptor);
        (read.Subject, read.Description, read.Group, read.Status, read.Resolution).ShouldBe((text, text, text, text, text));
        (read.Requester.Email, read.Technician.Id, read.DueByTime, read.CustomFields).ShouldBe(("anna@example.com", "123456789012345678", written.DueByTime, written.CustomFields));
    }, iter: 300);

    [Theory]
    [InlineData("1/2")]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData("1?x=1")]
    [InlineData("1#x")]
    [InlineData("%2e%2e")]
    [InlineData("1\\2")]
    [InlineData("1;x")]
    [InlineData("é")]
    [InlineData("１")]
    [InlineData("1\n")]
    [InlineData("{message_id}")]
    public void No_value_becomes_more_than_one_segment_of_the_path(string value) =>
        Should.Throw<ArgumentException>(() => PathTemplate.Expand("/requests/{request_id}/notes", new AddNoteRequest { RequestId = value }));

    [Fact]
    public void Whatever_the_value_the_path_has_the_template_s_segments_or_there_is_none() => Gen.String.Sample(value =>
    {
        try
        {
            var path = PathTemplate.Expand("/requests/{request_id}/notes/{message_id}", new GetMessageRequest { RequestId = value, MessageId = "7" });
            new Uri(new Uri("https://host/app/x/api/v3/"), path.TrimStart('/')).AbsolutePath.Split('/').Length.ShouldBe(9);
        }
        catch (ArgumentException)
        {
        }
    }, iter: 2000);

    private static string Encode(string rpc, IMessage request) =>
        Encoder.Record(request, Catalog.Current[rpc].Call!, NoIds).ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private static T Decode<T>(string json) where T : IMessage<T>, new() => (T)Decoder.Record(JsonElement.Parse(json), new T().Descriptor);

    private static string Compact(string json) =>
        JsonNode.Parse(json)!.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
