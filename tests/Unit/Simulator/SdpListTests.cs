using System.Net;
using System.Text.Json.Nodes;
using Shouldly;
using Sidecar.Simulator;
using Xunit;

namespace Sidecar.Tests.Unit.Simulator;

public sealed class SdpListTests : IClassFixture<SimulatorFixture>
{
    private readonly SimulatorFixture _sim;

    public SdpListTests(SimulatorFixture sim)
    {
        _sim = sim;
        _sim.Desk.Switches = new InstanceSwitches();
    }

    private async Task<JsonArray> Rows(string listInfo)
    {
        var reply = await _sim.Get("/requests", $$"""{"list_info":{{listInfo}}}""");
        reply.Status.ShouldBe(HttpStatusCode.OK, reply.Body);
        return reply.Json["requests"]!.AsArray();
    }

    private async Task<long> Count(string criteria)
    {
        var reply = await _sim.Get("/requests", "{\"list_info\":{\"get_total_count\":true,\"search_criteria\":" + criteria + "}}");
        reply.Status.ShouldBe(HttpStatusCode.OK, reply.Body);
        return (long)reply.Json["list_info"]!["total_count"]!;
    }

    [Fact]
    public async Task A_list_answers_response_status_as_an_array()
    {
        var reply = await _sim.Get("/requests");
        reply.Json["response_status"].ShouldBeOfType<JsonArray>();
        ((int)reply.Json["response_status"]![0]!["status_code"]!).ShouldBe(2000);
    }

    [Fact]
    public async Task Ten_rows_come_if_no_number_is_asked_for_and_a_hundred_at_most()
    {
        (await Rows("{}")).Count.ShouldBe(10);
        (await Rows("""{"row_count":500}""")).Count.ShouldBe(100);
    }

    [Fact]
    public async Task Rows_carry_the_default_columns_only_and_those_asked_for_instead()
    {
        var row = (await Rows("{}"))[0]!.AsObject();
        row.ContainsKey("status").ShouldBeTrue();
        row.ContainsKey("priority").ShouldBeFalse();
        row.ContainsKey("description").ShouldBeFalse();

        row = (await Rows("""{"fields_required":["priority"]}"""))[0]!.AsObject();
        row.Select(member => member.Key).ShouldBe(["id", "priority"], ignoreOrder: true);
    }

    [Fact]
    public async Task Counting_from_zero_reads_the_first_row_twice()
    {
        var first = (await Rows("""{"start_index":0,"row_count":1}"""))[0]!["id"]!.ToString();
        var second = (await Rows("""{"start_index":1,"row_count":1}"""))[0]!["id"]!.ToString();
        second.ShouldBe(first);
        (await Rows("""{"start_index":2,"row_count":1}"""))[0]!["id"]!.ToString().ShouldNotBe(first);
    }

    [Fact]
    public async Task Pages_follow_each_other_without_gap_or_overlap()
    {
        var seen = new HashSet<string>();
        for (var page = 1; ; page++)
        {
            var reply = await _sim.Get("/requests", $$$"""{"list_info":{"page":{{{page}}},"row_count":100,"sort_field":"id","sort_order":"asc"}}""");
            foreach (var row in reply.Json["requests"]!.AsArray())
                seen.Add(row!["id"]!.ToString()).ShouldBeTrue();
            if (!(bool)reply.Json["list_info"]!["has_more_rows"]!)
                break;
        }

        seen.Count.ShouldBeGreaterThan(300);
    }

    [Fact]
    public async Task The_total_is_told_only_if_asked_for()
    {
        (await _sim.Get("/requests")).Json["list_info"]!.AsObject().ContainsKey("total_count").ShouldBeFalse();
        (await Count("""{"field":"status.name","condition":"is","value":"Open"}""")).ShouldBeGreaterThan(5);
    }

    [Fact]
    public async Task Criteria_are_echoed_as_an_array_with_values_as_text()
    {
        var reply = await _sim.Get("/requests", """{"list_info":{"search_criteria":{"field":"display_id","condition":"is","value":33700}}}""");
        var echo = reply.Json["list_info"]!["search_criteria"]![0]!;
        echo["values"]!.AsArray().Select(value => (string)value!).ShouldBe(["33700"]);
    }

    [Fact]
    public async Task A_list_sent_as_form_data_is_not_read()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_sim.Host.SdpUrl, "/app/itdesk/api/v3/requests"))
        {
            Content = new FormUrlEncodedContent([new("input_data", """{"list_info":{"row_count":3}}""")]),
        };
        request.Headers.TryAddWithoutValidation("Accept", SimulatorFixture.Media);
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + await _sim.AccessToken());
        (await _sim.Send(request)).Json["requests"]!.AsArray().Count.ShouldBe(10);
    }

    [Fact]
    public async Task Children_join_what_stands_before_them()
    {
        var both = await Count("""
            {"field":"status.name","condition":"is","value":"Open","children":[
              {"field":"priority.name","condition":"is","values":["1 - Critical","2 - High"],"logical_operator":"AND"}]}
            """);
        var open = await Count("""{"field":"status.name","condition":"eq","value":"open"}""");
        var either = await Count("""
            {"field":"status.name","condition":"is","value":"Open","children":[
              {"field":"status.name","condition":"is","value":"Closed","logical_operator":"OR"}]}
            """);
        both.ShouldBeInRange(1, open - 1);
        either.ShouldBeGreaterThan(open);
    }

    [Fact]
    public async Task A_condition_without_a_value_asks_for_emptiness()
    {
        var unassigned = await Count("""{"field":"technician","condition":"is"}""");
        var assigned = await Count("""{"field":"technician","condition":"is not"}""");
        unassigned.ShouldBeGreaterThan(0);
        (unassigned + assigned).ShouldBe(_sim.Desk.Records("requests").Count(row => !(bool)row["is_trashed"]!));
    }

    [Fact]
    public async Task Times_are_compared_as_milliseconds()
    {
        var weekAgo = _sim.Host.Clock.GetUtcNow().AddDays(-7).ToUnixTimeMilliseconds();
        var younger = await Count($$"""{"field":"created_time","condition":"greater than","value":"{{weekAgo}}"}""");
        younger.ShouldBeInRange(15, 60);
    }

    [Fact]
    public async Task The_number_that_people_use_finds_the_long_id()
    {
        var rows = await Rows("""{"search_fields":{"display_id":"33701"}}""");
        rows.Count.ShouldBe(1);
        ((string)rows[0]!["id"]!).Length.ShouldBe(18);
        (await _sim.Get("/requests/33701")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("""{"filter_by":{"name":"Open_Requests"},"search_criteria":{"field":"id","condition":"is not"}}""")]
    [InlineData("""{"search_criteria":{"field":"subject","condition":"resembles","value":"x"}}""")]
    [InlineData("""{"search_criteria":[{"field":"subject","condition":"contains","value":"x","logical_operator":"AND"}]}""")]
    [InlineData("""{"search_criteria":{"field":"no_such_field","condition":"is","value":"x"}}""")]
    [InlineData("""{"limit":5}""")]
    public async Task What_list_info_does_not_know_is_refused(string listInfo)
    {
        var reply = await _sim.Get("/requests", $$"""{"list_info":{{listInfo}}}""");
        reply.Status.ShouldBe(HttpStatusCode.BadRequest);
        reply.Code.ShouldBe(4000);
    }

    [Fact]
    public async Task Technician_and_status_together_return_wrong_rows_on_some_tenants()
    {
        var me = _sim.User.TechnicianEmail;
        var criteria = "{\"field\":\"technician.email_id\",\"condition\":\"is\",\"value\":\"" + me + "\",\"children\":["
            + "{\"field\":\"status.name\",\"condition\":\"is\",\"value\":\"Open\",\"logical_operator\":\"AND\"}]}";
        var right = await Count(criteria);
        _sim.Desk.Switches = new InstanceSwitches { WrongRowsForTechnicianAndStatus = true };
        (await Count(criteria)).ShouldBeGreaterThan(right);
    }

    [Fact]
    public async Task An_array_of_criteria_is_refused_by_some_tenants()
    {
        const string Two = """[{"field":"status.name","condition":"is","value":"Open"},{"field":"group","condition":"is not","logical_operator":"AND"}]""";
        (await Count(Two)).ShouldBeGreaterThan(0);
        _sim.Desk.Switches = new InstanceSwitches { CriteriaArrays = false };
        (await _sim.Get("/requests", "{\"list_info\":{\"search_criteria\":" + Two + "}}")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }
}
