using System.Text.Json;
using CsCheck;
using Shouldly;
using Sidecar.Broker.Sdp;
using Xunit;

namespace Sidecar.Tests.Unit.Broker;

public class EnvelopeTests
{
    [Theory]
    [InlineData("""{"response_status":{"status_code":2000,"status":"success"}}""")]
    [InlineData("""{"response_status":[{"status_code":2000,"status":"success"}]}""")]
    [InlineData("""{"response_status":{"status_code":"2000"}}""")]
    [InlineData("""{"response_status":[{"status_code":2000},{"status_code":2000}]}""")]
    public void Two_thousand_is_success(string body) => Should.NotThrow(() => Envelope.EnsureSuccess(JsonElement.Parse(body), 200, null));

    [Theory]
    [InlineData("""{"response_status":{"status_code":2000}}""", 400, "Refused")]
    [InlineData("""{"response_status":{"status_code":2000}}""", 500, "ServerError")]
    [InlineData("""{"response_status":{"status_code":2000}}""", 401, "Unauthorized")]
    [InlineData("""{"response_status":{"status_code":3000,"messages":[{"status_code":4003,"fields":["technician"]}]}}""", 200, "Warning")]
    [InlineData("""{"response_status":[{"status_code":2000},{"status_code":4000,"messages":[{"status_code":4001}]}]}""", 200, "Refused")]
    [InlineData("""{"response_status":{"status":"success"}}""", 200, "Unreadable")]
    [InlineData("""{"response_status":{"status":"failed"}}""", 200, "Unreadable")]
    [InlineData("""{"response_status":[]}""", 200, "Unreadable")]
    [InlineData("""{"response_status":null}""", 200, "Unreadable")]
    [InlineData("""{"response_status":"success"}""", 200, "Unreadable")]
    [InlineData("""{"response_status":[2000]}""", 200, "Unreadable")]
    [InlineData("""{"status_code":2000}""", 200, "Unreadable")]
    [InlineData("""[]""", 200, "Unreadable")]
    [InlineData("""2000""", 200, "Unreadable")]
    [InlineData("""{"response_status":{"status_code":2000.5}}""", 200, "Unreadable")]
    [InlineData("""{"response_status":{"status_code":99999999999}}""", 200, "Unreadable")]
    [InlineData("""{}""", 400, "Refused")]
    [InlineData("""{}""", 404, "Refused")]
    [InlineData("""{}""", 429, "Throttled")]
    [InlineData("""{}""", 503, "ServerError")]
    [InlineData("""{"error":"x"}""", 401, "Unauthorized")]
    public void Nothing_else_is(string body, int httpStatus, string failure) =>
        Fail(body, httpStatus).Failure.ToString().ShouldBe(failure);

    [Theory]
    [InlineData(4001, 400, "Refused")]
    [InlineData(4002, 403, "Refused")]
    [InlineData(4004, 500, "ServerError")]
    [InlineData(4004, 200, "ServerError")]
    [InlineData(4005, 400, "Refused")]
    [InlineData(4007, 404, "Refused")]
    [InlineData(4008, 400, "Refused")]
    [InlineData(4009, 400, "Refused")]
    [InlineData(4012, 400, "Refused")]
    [InlineData(4012, 200, "Refused")]
    [InlineData(4014, 400, "Refused")]
    [InlineData(4015, 429, "Throttled")]
    [InlineData(4015, 400, "Throttled")]
    [InlineData(4015, 200, "Throttled")]
    [InlineData(4016, 400, "Refused")]
    [InlineData(4021, 400, "Refused")]
    [InlineData(4022, 401, "Unauthorized")]
    [InlineData(4022, 200, "Unauthorized")]
    [InlineData(7001, 400, "Refused")]
    public void Every_code_is_known_in_both_shapes_and_as_number_or_text(int code, int httpStatus, string failure)
    {
        foreach (var spelled in new[] { $"{code}", $"\"{code}\"" })
        {
            foreach (var status in new[]
            {
                $$"""{"status_code":4000,"status":"failed","messages":[{"status_code":{{spelled}},"type":"failed","field":"a","fields":["b",7]}]}""",
                $$"""{"status":"failed","messages":[{"status_code":{{spelled}}},"noise",null]}""",
                $$"""{"status_code":{{spelled}},"status":"failed"}""",
            })
            {
                foreach (var body in new[] { "{\"response_status\":" + status + "}", "{\"response_status\":[" + status + "]}" })
                {
                    var failed = Fail(body, httpStatus);
                    failed.Failure.ToString().ShouldBe(failure, body);
                    failed.Has(code).ShouldBeTrue(body);
                }
            }
        }
    }

    [Theory]
    [InlineData("EXTRA_KEY_FOUND_IN_JSON", true)]
    [InlineData("Extra key found in JSON", true)]
    [InlineData("Extra parameter(s) not allowed", false)]
    public void An_extra_key_is_known_by_its_text(string text, bool isExtraKey) =>
        Fail("""{"response_status":{"status_code":4000,"messages":[{"status_code":4001,"message":"TEXT"}]}}""".Replace("TEXT", text, StringComparison.Ordinal), 400).IsExtraKey.ShouldBe(isExtraKey);

    [Fact]
    public void No_json_ends_otherwise_than_in_success_or_a_failure() => Gen.Int[0, int.MaxValue].Sample(seed =>
    {
        var random = new Random(seed);
        var status = new System.Text.Json.Nodes.JsonObject
        {
            ["status_code"] = RandomJson.Any(random, 1),
            ["messages"] = new System.Text.Json.Nodes.JsonArray(new System.Text.Json.Nodes.JsonObject
            {
                ["status_code"] = RandomJson.Any(random, 1), ["field"] = RandomJson.Any(random, 1), ["fields"] = RandomJson.Any(random, 2), ["message"] = RandomJson.Any(random, 1),
            }),
        };
        var body = new System.Text.Json.Nodes.JsonObject { ["response_status"] = random.Next(2) == 0 ? status : RandomJson.Any(random, 3) };
        try
        {
            Envelope.EnsureSuccess(JsonElement.Parse(body.ToJsonString()), random.Next(100, 600), null);
        }
        catch (SdpException)
        {
        }
    }, iter: 2000);

    private static SdpException Fail(string body, int httpStatus) =>
        Should.Throw<SdpException>(() => Envelope.EnsureSuccess(JsonElement.Parse(body), httpStatus, null));
}
