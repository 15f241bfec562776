using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Shouldly;
using Sidecar.Contract.Sdp;
using Sidecar.Shim.Arguments;
using Xunit;

namespace Sidecar.Tests.Unit.Shim;

public class ArgumentBinderTests
{
    [Fact]
    public void Arguments_become_the_operations_request()
    {
        var request = Accepted<CreateRequestRequest>("create_request", """
            {"subject": "Printer", "due_by_time": "2026-07-01T09:00:00+02:00", "custom_fields": {"udf_char1": "a", "udf_long2": 7, "list": [true, null]}}
            """);
        request.Subject.ShouldBe("Printer");
        request.DueByTime.ShouldBe(Timestamp.FromDateTimeOffset(new DateTimeOffset(2026, 7, 1, 7, 0, 0, TimeSpan.Zero)));
        request.CustomFields.Fields["udf_long2"].NumberValue.ShouldBe(7);
        request.CustomFields.Fields["list"].ListValue.Values.Count.ShouldBe(2);
    }

    [Fact]
    public void A_whole_number_is_taken_for_text() => Accepted<GetRequestRequest>("get_request", """{"request_id": 33903}""").RequestId.ShouldBe("33903");

    [Theory]
    [InlineData("\"7\"")]
    [InlineData("7.0")]
    [InlineData("\" 7 \"")]
    [InlineData("7e0")]
    public void A_whole_number_may_be_spelled_otherwise(string seven) =>
        Accepted<ListRequestsRequest>("list_requests", $$"""{"page": {{seven}}}""").Page.ShouldBe(7);

    [Theory]
    [InlineData("\"true\"")]
    [InlineData("\"True\"")]
    [InlineData("true")]
    public void A_truth_may_be_written_as_text(string truth) =>
        Accepted<ListRequestsRequest>("list_requests", $$"""{"ascending": {{truth}}}""").Ascending.ShouldBeTrue();

    [Fact]
    public void One_text_is_taken_for_a_list_of_one() =>
        Accepted<UpdateRequestRequest>("update_request", """{"request_id": "1", "clear_fields": "technician"}""").ClearFields.ShouldBe(["technician"]);

    [Fact]
    public void Null_is_the_same_as_leaving_it_out() =>
        Accepted<ListRequestsRequest>("list_requests", """{"queue": null, "page": null, "ascending": null}""").ShouldBe(new ListRequestsRequest());

    [Fact]
    public void An_empty_text_is_the_same_as_leaving_it_out_where_nothing_can_be_emptied() =>
        Accepted<SearchRequestsRequest>("search_requests", """{"query": "", "queue": "", "created_after": ""}""").ShouldBe(new SearchRequestsRequest());

    [Theory]
    [InlineData("mine")]
    [InlineData("MINE")]
    [InlineData(" mine ")]
    public void A_choice_is_taken_in_any_case(string mine) =>
        Accepted<ListRequestsRequest>("list_requests", $$"""{"queue": "{{mine}}"}""").Queue.ShouldBe(Queue.Mine);

    [Fact]
    public void A_choice_of_several_words_may_have_spaces() =>
        Accepted<ListRequestsRequest>("list_requests", """{"order_by": "due by time"}""").OrderBy.ShouldBe(RequestOrder.DueByTime);

    [Theory]
    [InlineData("2026-07-01T09:00:00+02:00", 7, 0)]
    [InlineData("2026-07-01T09:00:00Z", 9, 0)]
    [InlineData("2026-07-01t09:00:00.25z", 9, 250)]
    [InlineData("2026-07-01 09:00+00:00", 9, 0)]
    public void A_time_with_an_offset_is_taken(string text, int hour, int milliseconds) =>
        Accepted<SearchRequestsRequest>("search_requests", $$"""{"created_after": "{{text}}"}""").CreatedAfter
            .ShouldBe(Timestamp.FromDateTimeOffset(new DateTimeOffset(2026, 7, 1, hour, 0, 0, milliseconds, TimeSpan.Zero)));

    [Theory]
    [InlineData("\"2026-07-01\"", "only a date")]
    [InlineData("\"2026-07-01T09:00:00\"", "no UTC offset")]
    [InlineData("\"2026-02-30T09:00:00Z\"", "no time that exists")]
    [InlineData("\"tomorrow\"", "RFC 3339")]
    [InlineData("1751353200", "RFC 3339")]
    public void A_time_that_leaves_its_zone_to_guessing_is_refused(string time, string why) =>
        Problem("search_requests", $$"""{"created_after": {{time}}}""").ShouldContain(why);

    [Theory]
    [InlineData("get_request", "{}", "request_id: is required.")]
    [InlineData("get_request", """{"request_id": ""}""", "request_id: is required.")]
    [InlineData("get_request", """{"request_id": null}""", "request_id: is required.")]
    [InlineData("get_request", """{"request_id": ["1"]}""", "request_id: expected text, not a list.")]
    [InlineData("get_request", """{"request_id": 1.5}""", "request_id: expected text, not the number 1.5.")]
    [InlineData("get_request", """{"request_id": true}""", "request_id: expected text, not true.")]
    [InlineData("get_request", """{"request_id": "\ud800"}""", "request_id: expected text, not text that is not valid Unicode.")]
    [InlineData("list_requests", """{"page": 0}""", "page: has to be from 1 to 100000, not the number 0.")]
    [InlineData("list_requests", """{"page": 1e30}""", "not the number 1e30.")]
    [InlineData("list_requests", """{"page": 1e999}""", "page: expected a whole number from 1 to 100000, not the number 1e999.")]
    [InlineData("list_requests", """{"page": 1.5}""", "page: expected a whole number from 1 to 100000, not the number 1.5.")]
    [InlineData("list_requests", """{"page": {}}""", "page: expected a whole number from 1 to 100000, not an object.")]
    [InlineData("list_requests", """{"ascending": "yes"}""", "ascending: expected true or false, not the text \"yes\".")]
    [InlineData("list_requests", """{"queue": "opne"}""", "queue: \"opne\" is none of open, mine, unassigned, overdue, all. Is open meant?")]
    [InlineData("list_requests", """{"queue": 3}""", "queue: expected one of open, mine, unassigned, overdue, all, not the number 3.")]
    [InlineData("list_requests", """{"pagesize": 3}""", "\"pagesize\" is no argument of this tool; page_size is.")]
    [InlineData("list_requests", """{"Page": 3}""", "\"Page\" is no argument of this tool; page is.")]
    [InlineData("whoami", """{"verbose": true}""", "\"verbose\" is no argument of this tool; it takes none.")]
    [InlineData("get_request", """{"request_id": "1", "fields": "all"}""", "\"fields\" is no argument of this tool; it takes request_id.")]
    [InlineData("create_request", """{"subject": "s", "custom_fields": "x"}""", "custom_fields: expected an object, not the text \"x\".")]
    [InlineData("create_request", """{"subject": "s", "custom_fields": {"n": 12345678901234567890}}""", "too large to be exact; send it as text")]
    [InlineData("create_request", """{"subject": "s", "custom_fields": {"a":{"b":{"c":{"d":{"e":{"f":{"g":{"h":{"i":1}}}}}}}}}}""", "nested more than 8 levels deep")]
    [InlineData("reply_to_requester", """{"request_id": "1", "message": "m", "cc": ["a@b.example", "nobody"]}""", "cc[1]: \"nobody\" does not match")]
    [InlineData("reply_to_requester", """{"request_id": "1", "message": "m", "cc": ["a@b.example\n"]}""", "does not match")]
    [InlineData("reply_to_requester", """{"request_id": "1", "message": "m", "cc": ["a@b.example", ""]}""", "cc[1]: is empty.")]
    [InlineData("reply_to_requester", """{"request_id": "1", "message": "m", "cc": [null]}""", "cc[0]: expected text, not null.")]
    [InlineData("update_request", """{"request_id": "1", "technician": ""}""", "name it in clear_fields to empty the field")]
    [InlineData("create_request", """{"subject": "s", "custom_fields": {"\ud800": 1}}""", "not valid Unicode")]
    [InlineData("create_request", """{"subject": "s", "custom_fields": {"a": ["\ud800"]}}""", "not valid Unicode")]
    public void What_is_wrong_is_said(string tool, string arguments, string problem) => Problem(tool, arguments).ShouldContain(problem);

    [Fact]
    public void Too_long_a_text_is_refused_by_characters_not_by_utf16_units()
    {
        Problem("create_request", Json("subject", new string('x', 251))).ShouldBe("subject: has 251 characters; at most 250 are accepted.");
        Accepted<CreateRequestRequest>("create_request", Json("subject", string.Concat(Enumerable.Repeat("😀", 250))));
    }

    [Fact]
    public void Too_many_items_are_refused()
    {
        var items = string.Join(',', Enumerable.Repeat("\"technician\"", 21));
        Problem("update_request", $$"""{"request_id": "1", "clear_fields": [{{items}}]}""").ShouldBe("clear_fields: has 21 items; at most 20 are accepted.");
    }

    [Fact]
    public void All_problems_are_said_at_once() =>
        Bind("search_requests", """{"qeury": "x", "page": 0, "queue": "nope", "created_after": "2026-07-01", "overdue": 1}""").Problems.Count.ShouldBe(5);

    [Fact]
    public void A_long_value_is_cut_in_the_answer() =>
        Problem("list_requests", Json("queue", new string('x', 5000))).Length.ShouldBeLessThan(200);

    private static string Json(string name, string value) => JsonSerializer.Serialize(new Dictionary<string, string> { [name] = value });

    private static BoundArguments Bind(string tool, string arguments) =>
        ShimTools.Named(tool).Arguments.Bind(JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(arguments));

    private static T Accepted<T>(string tool, string arguments)
        where T : IMessage
    {
        var bound = Bind(tool, arguments);
        bound.Problems.ShouldBeEmpty();
        return bound.Message.ShouldBeOfType<T>();
    }

    private static string Problem(string tool, string arguments) => Bind(tool, arguments).Problems.ShouldHaveSingleItem();
}
