using System.Text.Json;
using CsCheck;
using Google.Protobuf.WellKnownTypes;
using ModelContextProtocol.Protocol;
using Shouldly;
using Sidecar.Contract;
using Sidecar.Contract.Sdp;
using Sidecar.Shim.Results;
using Xunit;

namespace Sidecar.Tests.Unit.Shim;

public class AnswerTests
{
    public static TheoryData<string> Names => ToolTests.Names;

    [Theory, MemberData(nameof(Names))]
    public void Any_answer_fits_the_schema_of_its_tool(string name)
    {
        var tool = ShimTools.Named(name);
        var schema = tool.Protocol.OutputSchema!.Value;
        Gen.Int.Sample(
            seed => SchemaCheck.Problems(schema, Answer.Of(new RandomMessages(seed).Of(tool.Operation.Descriptor.OutputType)).StructuredContent!.Value)
                .ShouldBeEmpty(),
            iter: 300);
    }

    [Fact]
    public void The_text_is_the_same_json()
    {
        var answer = Answer.Of(new RequestPage { Requests = { new RequestSummary { Id = "1", Subject = "Größe <1>" } }, Page = 1 });
        var text = answer.Content.ShouldHaveSingleItem().ShouldBeOfType<TextContentBlock>().Text;
        text.ShouldBe("""{"requests":[{"id":"1","subject":"Größe <1>"}],"page":1,"has_more":false}""");
        JsonElement.DeepEquals(JsonElement.Parse(text), answer.StructuredContent!.Value).ShouldBeTrue();
        answer.IsError.ShouldNotBe(true);
    }

    [Fact]
    public void What_was_not_said_is_left_out_and_what_is_never_unsaid_is_written() =>
        Json(new Message()).ShouldBe("""{"by_technician":false}""");

    [Fact]
    public void An_optional_value_is_written_once_it_is_set_even_to_its_default() =>
        Json(new RequestPage { TotalCount = 0 }).ShouldBe("""{"requests":[],"page":0,"has_more":false,"total_count":0}""");

    [Fact]
    public void Times_are_utc_choices_are_plain_and_custom_fields_are_plain_json()
    {
        var identity = new Identity { TokenState = TokenState.CoolingDown, TokenExpiresTime = new Timestamp { Seconds = 1_751_353_200 } };
        Json(identity).ShouldBe("""{"ready":false,"token_state":"cooling_down","token_expires_time":"2025-07-01T07:00:00Z","read_only":false,"dialect":[]}""");
        var fields = new Struct { Fields = { ["n"] = Value.ForNumber(5), ["s"] = Value.ForString("x"), ["l"] = Value.ForList(Value.ForBool(true), Value.ForNull()) } };
        Json(new Request { CustomFields = fields }).ShouldContain("""
            "custom_fields":{"n":5,"s":"x","l":[true,null]}
            """.Trim());
        Json(new Attachment { Size = long.MaxValue }).ShouldContain("9223372036854775807");
    }

    private static string Json(Google.Protobuf.IMessage message) => System.Text.Encoding.UTF8.GetString(Answer.ToJson(message));
}
