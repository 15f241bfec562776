using System.Net;
using System.Text.Json.Nodes;
using Shouldly;
using Sidecar.Simulator;
using Xunit;

namespace Sidecar.Tests.Unit.Simulator;

public sealed class SdpRequestTests : IClassFixture<SimulatorFixture>
{
    private readonly SimulatorFixture _sim;

    public SdpRequestTests(SimulatorFixture sim)
    {
        _sim = sim;
        _sim.Desk.Switches = new InstanceSwitches();
    }

    private async Task<JsonNode> Read(string id) => (await _sim.Get($"/requests/{id}")).Json["request"]!;

    private async Task<string> Status(string id) => (string)(await Read(id))["status"]!["name"]!;

    private async Task<string> Assigned(string more = "") => await _sim.NewRequest(
        $$""","technician":{"email_id":"{{_sim.User.TechnicianEmail}}"}{{more}}""");

    [Fact]
    public async Task What_is_written_is_read_back()
    {
        var id = await _sim.NewRequest(""","priority":{"name":"2 - High"},"description":"<b>x</b>","udf_fields":{"udf_date1":{"value":"2026-09-18"}}""");
        var request = await Read(id);
        id.Length.ShouldBe(18);
        ((string)request["priority"]!["name"]!).ShouldBe("2 - High");
        ((string)request["udf_fields"]!["udf_date1"]!["value"]!).ShouldBe("2026-09-18");
        ((string)request["status"]!["internal_name"]!).ShouldBe("Open");
        ((bool)request["status"]!["in_progress"]!).ShouldBeTrue();
        ((string)request["requester"]!["email_id"]!).ShouldBe(_sim.User.TechnicianEmail);
        request["last_updated_time"].ShouldBeNull();
        request.AsObject().Count.ShouldBeInRange(58, 75);
    }

    [Fact]
    public async Task A_single_record_answers_response_status_as_an_object() =>
        (await _sim.Get($"/requests/{await _sim.NewRequest()}")).Json["response_status"].ShouldBeOfType<JsonObject>();

    [Fact]
    public async Task An_update_moves_last_updated_time_and_writes_history()
    {
        var id = await _sim.NewRequest();
        (await _sim.Put($"/requests/{id}", """{"request":{"priority":{"name":"1 - Critical"}}}""")).Code.ShouldBe(2000);
        (await Read(id))["last_updated_time"].ShouldNotBeNull();
        var history = (await _sim.Get($"/requests/{id}/_history")).Json["history"]!.AsArray();
        var diff = history[^1]!["diff"]![0]!;
        ((string)diff["previous_value"]!).ShouldBe("null");
        ((string)diff["current_value"]!).ShouldBe("1 - Critical");
    }

    [Theory]
    [InlineData("""{"request":{"subject":"x","colour":"red"}}""", 4001, "EXTRA_KEY_FOUND_IN_JSON")]
    [InlineData("""{"ticket":{"subject":"x"}}""", 4001, "EXTRA_KEY_FOUND_IN_JSON")]
    [InlineData("""{"request":{"subject":"x","due_by_time":"2026-01-01"}}""", 4001, "Unable to parse JSON for : due_by_time")]
    [InlineData("""{"request":{"subject":"x","priority":"2 - High"}}""", 4021, "Unable to parse the given data for priority")]
    [InlineData("""{"request":{"subject":"x","priority":{"name":"Sky-high"}}}""", 4001, null)]
    [InlineData("""{"request":{"subject":7}}""", 4021, null)]
    [InlineData("""{"request":{"subject":"x","created_time":{"value":"1"}}}""", 4014, "Read only field cannot be edited")]
    [InlineData("""{"request":{"subject":"x","tags":["a"]}}""", 4001, "EXTRA_VALUE_FOUND_IN_JSONARRAY")]
    [InlineData("""{"request":{"subject":"x","scheduled_start_time":{"value":"9"},"scheduled_end_time":{"value":"8"}}}""", 4016, null)]
    [InlineData("""{"request":{"subject":"x","category":{"name":"Network"},"subcategory":{"name":"Laptop"}}}""", 4001, null)]
    public async Task A_body_with_a_mistake_is_refused_and_the_field_named(string body, int code, string? message)
    {
        var reply = await _sim.Post("/requests", body);
        reply.Status.ShouldBe(HttpStatusCode.BadRequest);
        reply.Code.ShouldBe(4000);
        ((int)reply.Message["status_code"]!).ShouldBe(code);
        reply.Message.ContainsKey("field").ShouldBe(code != 4012);
        ((string?)reply.Message["message"]).ShouldBe(message);
    }

    [Fact]
    public async Task A_subject_has_at_most_250_characters()
    {
        (await _sim.Post("/requests", "{\"request\":{\"subject\":\"" + new string('x', 250) + "\"}}")).Code.ShouldBe(2000);
        (await _sim.Post("/requests", "{\"request\":{\"subject\":\"" + new string('x', 251) + "\"}}")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Mandatory_fields_are_those_of_the_template_and_listed_without_a_message()
    {
        var reply = await _sim.Post("/requests", """{"request":{"subject":"x","template":{"name":"Incident"}}}""");
        reply.Status.ShouldBe(HttpStatusCode.BadRequest);
        ((int)reply.Message["status_code"]!).ShouldBe(4012);
        reply.Message["fields"]!.AsArray().Select(field => (string)field!).ShouldBe(["description", "category", "priority"]);
        reply.Message.ContainsKey("message").ShouldBeFalse();
    }

    [Fact]
    public async Task Some_instances_take_an_id_where_others_take_a_name()
    {
        _sim.Desk.Switches = new InstanceSwitches { NamesRefused = ["priority"] };
        (await _sim.Post("/requests", """{"request":{"subject":"x","priority":{"name":"2 - High"}}}""")).Message["status_code"]!.GetValue<int>().ShouldBe(4001);
        var id = (string)_sim.Desk.Records("priorities")[1]["id"]!;
        (await _sim.Post("/requests", "{\"request\":{\"subject\":\"x\",\"priority\":{\"id\":\"" + id + "\"}}}")).Code.ShouldBe(2000);
    }

    [Fact]
    public async Task Writes_are_read_from_the_form_only()
    {
        var token = await _sim.AccessToken();
        const string Input = """{"request":{"subject":"x"}}""";
        foreach (var (query, content) in new (string, HttpContent?)[]
        {
            ("?input_data=" + Uri.EscapeDataString(Input), null),
            ("", new StringContent(Input, null, "application/json")),
        })
        {
            var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_sim.Host.SdpUrl, "/app/itdesk/api/v3/requests" + query)) { Content = content };
            request.Headers.TryAddWithoutValidation("Accept", SimulatorFixture.Media);
            request.Headers.TryAddWithoutValidation("Authorization", "Zoho-oauthtoken " + token);
            (await _sim.Send(request)).Status.ShouldBe(HttpStatusCode.BadRequest);
        }
    }

    [Fact]
    public async Task Closing_without_a_resolution_answers_3000_and_stays_open()
    {
        var id = await Assigned();
        var reply = await _sim.Put($"/requests/{id}/close", """{"request":{"closure_info":{"closure_code":{"name":"Success"}}}}""");
        reply.Status.ShouldBe(HttpStatusCode.OK);
        reply.Code.ShouldBe(3000);
        ((int)reply.Message["status_code"]!).ShouldBe(4003);
        reply.Message["fields"]!.AsArray().Select(field => (string)field!).ShouldBe(["resolution"]);
        (await Status(id)).ShouldBe("Open");
    }

    [Theory]
    [InlineData("close")]
    [InlineData("_close")]
    public async Task Closing_with_a_resolution_closes(string spelling)
    {
        var id = await Assigned();
        (await _sim.Post($"/requests/{id}/resolutions", """{"resolution":{"content":"Done"}}""")).Code.ShouldBe(2000);
        var reply = await _sim.Put($"/requests/{id}/{spelling}", """{"request":{"closure_info":{"closure_code":{"name":"Success"},"closure_comments":"ok"}}}""");
        reply.Code.ShouldBe(2000, reply.Body);
        ((string)reply.Message["message"]!).ShouldBe("Request(s) closed");
        var request = await Read(id);
        ((string)request["status"]!["name"]!).ShouldBe("Closed");
        request["completed_time"].ShouldNotBeNull();
        ((string)request["closure_info"]!["closure_code"]!["name"]!).ShouldBe("Success");

        var frozen = await _sim.Put($"/requests/{id}", """{"request":{"priority":{"name":"4 - Low"}}}""");
        frozen.Status.ShouldBe(HttpStatusCode.Forbidden);
        ((string)frozen.Message["message"]!).ShouldBe("Cannot give value for priority");
    }

    [Fact]
    public async Task Without_configured_closure_codes_any_code_is_an_error()
    {
        _sim.Desk.Switches = new InstanceSwitches { ClosureCodesConfigured = false };
        var id = await Assigned(""","resolution":{"content":"Done"}""");
        (await _sim.Get("/closure_codes")).Json["closure_codes"]!.AsArray().ShouldBeEmpty();
        (await _sim.Put($"/requests/{id}/close", """{"request":{"closure_info":{"closure_code":{"name":"Success"}}}}""")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await _sim.Put($"/requests/{id}/close", """{"request":{"closure_info":{"closure_comments":"ok"}}}""")).Code.ShouldBe(2000);
    }

    [Theory]
    [InlineData("Resolved")]
    [InlineData("Closed")]
    public async Task A_status_that_may_not_be_set_is_dropped_in_silence(string status)
    {
        var id = await _sim.NewRequest();
        var body = "{\"request\":{\"status\":{\"name\":\"" + status + "\"},\"subject\":\"changed\"}}";
        (await _sim.Put($"/requests/{id}", body)).Code.ShouldBe(2000);
        var request = await Read(id);
        ((string)request["status"]!["name"]!).ShouldBe("Open");
        ((string)request["subject"]!).ShouldBe("changed");

        _sim.Desk.Switches = new InstanceSwitches { SilentStatusRevert = false };
        (await _sim.Put($"/requests/{id}", body)).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Resolved_with_a_resolution_holds()
    {
        var id = await _sim.NewRequest();
        await _sim.Put($"/requests/{id}", """{"request":{"status":{"name":"Resolved"},"resolution":{"content":"Done"}}}""");
        (await Status(id)).ShouldBe("Resolved");
        (await Read(id))["resolved_time"].ShouldNotBeNull();
    }

    [Fact]
    public async Task Trash_can_be_emptied_and_undone()
    {
        var id = await _sim.NewRequest();
        (await _sim.Delete($"/requests/{id}")).Code.ShouldBe(2000);
        ((bool)(await Read(id))["is_trashed"]!).ShouldBeTrue();
        (await _sim.Put($"/requests/{id}", """{"request":{"subject":"y"}}""")).Status.ShouldBe(HttpStatusCode.Forbidden);
        ((string)(await _sim.Put($"/requests/{id}/restore_from_trash", "{}")).Message["message"]!).ShouldBe("Extra parameter(s) not allowed");
        (await _sim.Put($"/requests/{id}/restore_from_trash")).Code.ShouldBe(2000);
        ((string)(await _sim.Put($"/requests/{id}/restore_from_trash")).Message["message"]!).ShouldBe("Not in trash");
        await _sim.Delete($"/requests/{id}/move_to_trash");
        await _sim.Delete($"/requests/{id}");
        (await _sim.Get($"/requests/{id}")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_merged_request_is_gone()
    {
        var (kept, gone) = (await _sim.NewRequest(), await _sim.NewRequest());
        await _sim.Post($"/requests/{gone}/notes", """{"request_note":{"description":"kept"}}""");
        var body = "{\"merge_requests\":[{\"id\":\"" + gone + "\"}]}";
        (await _sim.Put($"/requests/{kept}/merge_requests", body)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await _sim.Put($"/requests/{kept}/_merge_requests", body)).Code.ShouldBe(2000);
        (await _sim.Get($"/requests/{gone}")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await _sim.Get($"/requests/{kept}/notes")).Json["notes"]!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task Links_go_both_ways_and_a_link_list_takes_no_input()
    {
        var (one, two) = (await _sim.NewRequest(), await _sim.NewRequest());
        var body = "{\"link_requests\":[{\"linked_request\":{\"id\":\"" + two + "\"}}]}";
        (await _sim.Post($"/requests/{one}/_link_requests", body)).Code.ShouldBe(2000);
        (await _sim.Post($"/requests/{one}/_link_requests", body)).Message["status_code"]!.GetValue<int>().ShouldBe(4008);
        var back = (await _sim.Get($"/requests/{two}/_link_requests")).Json["link_requests"]![0]!;
        ((string)back["linked_request"]!["id"]!).ShouldBe(one);
        (await _sim.Get($"/requests/{two}/_link_requests", "{}")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await _sim.Delete($"/requests/{one}/_link_requests", body)).Code.ShouldBe(2000);
        (await _sim.Get($"/requests/{two}/_link_requests")).Json["link_requests"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_technician_gets_only_requests_of_their_groups()
    {
        var id = await _sim.NewRequest();
        var technician = _sim.Desk.Records("technicians")[1];
        string Body(string group) => "{\"request\":{\"technician\":{\"id\":\"" + technician["id"] + "\"},\"group\":{\"name\":\"" + group + "\"}}}";
        (await _sim.Put($"/requests/{id}/assign", Body("Network"))).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await _sim.Put($"/requests/{id}/assign", Body("Service Desk"))).Code.ShouldBe(2000);
        ((string)(await Read(id))["technician"]!["name"]!).ShouldBe((string)technician["name"]!);
        (await _sim.Put($"/requests/{id}/pickup")).Code.ShouldBe(2000);
        ((string)(await Read(id))["technician"]!["email_id"]!).ShouldBe(_sim.User.TechnicianEmail);
    }

    [Fact]
    public async Task An_unset_field_can_be_the_text_null()
    {
        var id = await _sim.NewRequest();
        _sim.Desk.Switches = new InstanceSwitches { NullsAsText = true };
        ((string)(await Read(id))["last_updated_time"]!).ShouldBe("null");
    }
}
