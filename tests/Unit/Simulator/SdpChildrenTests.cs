using System.Net;
using System.Net.Http.Headers;
using Shouldly;
using Sidecar.Simulator;
using Xunit;

namespace Sidecar.Tests.Unit.Simulator;

public sealed class SdpChildrenTests : IClassFixture<SimulatorFixture>
{
    private const string Reply = """{"notification":{"to":["a@example.com"],"subject":"Re: x","description":"<b>Hello</b>","type":"REQREPLY"}}""";

    private readonly SimulatorFixture _sim;

    public SdpChildrenTests(SimulatorFixture sim)
    {
        _sim = sim;
        _sim.Desk.Switches = new InstanceSwitches();
    }

    [Fact]
    public async Task A_note_is_wrapped_in_request_note_and_listed_without_its_text()
    {
        var id = await _sim.NewRequest();
        var wrong = await _sim.Post($"/requests/{id}/notes", """{"note":{"description":"x"}}""");
        wrong.Status.ShouldBe(HttpStatusCode.BadRequest);
        ((string)wrong.Message["message"]!).ShouldBe("EXTRA_KEY_FOUND_IN_JSON");

        var added = await _sim.Post($"/requests/{id}/notes", """{"request_note":{"description":"<b>x</b>"}}""");
        var note = added.Json["request_note"]!["id"]!.ToString();
        var row = (await _sim.Get($"/requests/{id}/notes")).Json["notes"]![0]!.AsObject();
        row.ContainsKey("description").ShouldBeFalse();
        ((string)(await _sim.Get($"/requests/{id}/notes/{note}")).Json["request_note"]!["description"]!).ShouldBe("<b>x</b>");
        ((bool)(await _sim.Get($"/requests/{id}")).Json["request"]!["has_notes"]!).ShouldBeTrue();

        (await _sim.Put($"/requests/{id}/notes/{note}", """{"request_note":{"description":"y"}}""")).Code.ShouldBe(2000);
        (await _sim.Delete($"/requests/{id}/notes/{note}")).Code.ShouldBe(2000);
        (await _sim.Get($"/requests/{id}/notes/{note}")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Other_instances_want_note()
    {
        _sim.Desk.Switches = new InstanceSwitches { NoteKey = NoteKey.Note };
        var id = await _sim.NewRequest();
        (await _sim.Post($"/requests/{id}/notes", """{"request_note":{"description":"x"}}""")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await _sim.Post($"/requests/{id}/notes", """{"note":{"description":"x"}}""")).Json.ContainsKey("note").ShouldBeTrue();
    }

    [Fact]
    public async Task A_note_needs_a_description()
    {
        var reply = await _sim.Post($"/requests/{await _sim.NewRequest()}/notes", """{"request_note":{"show_to_requester":true}}""");
        ((int)reply.Message["status_code"]!).ShouldBe(4012);
    }

    [Fact]
    public async Task A_reply_goes_to_the_outbox_and_is_the_first_response()
    {
        var id = await _sim.NewRequest();
        (await _sim.Get($"/requests/{id}")).Json["request"]!["responded_time"].ShouldBeNull();
        (await _sim.Post($"/requests/{id}/notifications", Reply)).Code.ShouldBe(2000);
        (await _sim.Get($"/requests/{id}")).Json["request"]!["responded_time"].ShouldNotBeNull();

        var mail = _sim.Desk.Outbox.Last(message => message.RequestId == id);
        mail.To.ShouldBe(["a@example.com"]);
        mail.Type.ShouldBe("REQREPLY");

        var row = (await _sim.Get($"/requests/{id}/conversations")).Json["conversations"]![0]!;
        ((string)row["type"]!).ShouldBe("REQREPLY");
        row.AsObject().ContainsKey("description").ShouldBeFalse();
        var text = (await _sim.Get($"/requests/{id}/notifications/{row["id"]}")).Json["notification"]!;
        ((string)text["description"]!).ShouldBe("<b>Hello</b>");
    }

    [Fact]
    public async Task Times_and_durations_of_a_worklog_are_objects()
    {
        var id = await _sim.NewRequest();
        string Body(string time) => "{\"worklog\":{\"owner\":{\"email_id\":\"" + _sim.User.TechnicianEmail + "\"},\"start_time\":" + time
            + ",\"time_spent\":{\"hours\":\"1\",\"minutes\":\"15\"}}}";
        var refused = await _sim.Post($"/requests/{id}/worklogs", Body("\"2026-01-01\""));
        ((string)refused.Message["message"]!).ShouldBe("Unable to parse JSON for : start_time");
        var added = await _sim.Post($"/requests/{id}/worklogs", Body("{\"value\":\"1593000300533\"}"));
        added.Code.ShouldBe(2000, added.Body);
        ((string)added.Json["worklog"]!["start_time"]!["display_value"]!).ShouldBe("Jun 24, 2020 12:05 PM");
    }

    [Fact]
    public async Task A_task_lives_below_its_request()
    {
        var id = await _sim.NewRequest();
        var task = (await _sim.Post($"/requests/{id}/tasks", """{"task":{"title":"Order part","status":{"name":"Open"}}}""")).Json["task"]!["id"]!;
        (await _sim.Put($"/requests/{id}/tasks/{task}", """{"task":{"percentage_completion":50}}""")).Code.ShouldBe(2000);
        (await _sim.Get($"/requests/{id}/tasks")).Json["tasks"]!.AsArray().Count.ShouldBe(1);
        (await _sim.Get($"/requests/1/tasks")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Nobody_can_approve_before_the_mail_was_sent()
    {
        var id = await _sim.NewRequest();
        var level = (await _sim.Post($"/requests/{id}/approval_levels", """{"approval_level":{"level":1}}""")).Json["approval_level"]!["id"]!;
        (await _sim.Post($"/requests/{id}/approval_levels", """{"approval_level":{"level":1}}""")).Message["status_code"]!.GetValue<int>().ShouldBe(4008);
        var path = $"/requests/{id}/approval_levels/{level}/approvals";
        var body = "{\"approval\":{\"approver\":{\"email_id\":\"" + _sim.User.TechnicianEmail + "\"}}}";
        var approval = (await _sim.Post(path, body)).Json["approval"]!["id"]!;
        (await _sim.Delete($"/requests/{id}/approval_levels/{level}")).Message["status_code"]!.GetValue<int>().ShouldBe(4005);

        var early = await _sim.Put($"{path}/{approval}/_approve");
        early.Status.ShouldBe(HttpStatusCode.BadRequest);
        ((string)early.Message["message"]!).ShouldBe("Recommendation mail is not yet sent");
        (await _sim.Put($"{path}/send_notification?ids={approval}")).Code.ShouldBe(2000);
        var approved = await _sim.Put($"{path}/{approval}/_approve", """{"approval":{"comments":"fine"}}""");
        ((string)approved.Json["approval"]!["status"]!["name"]!).ShouldBe("Approved");
    }

    [Fact]
    public async Task A_file_comes_back_as_it_was_sent()
    {
        var id = await _sim.NewRequest();
        var bytes = Enumerable.Range(0, 256).Select(i => (byte)i).ToArray();
        using var form = new MultipartFormDataContent { { new StringContent("true"), "addtoattachment" } };
        var file = new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("image/png") } };
        form.Add(file, "filename", "shot.png");
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_sim.Host.SdpUrl, $"/app/itdesk/api/v3/requests/{id}/_uploads")) { Content = form };
        await Authorize(request);
        (await _sim.Send(request)).Code.ShouldBe(2000);

        var listed = (await _sim.Get($"/requests/{id}")).Json["request"]!["attachments"]![0]!;
        ((string)listed["name"]!).ShouldBe("shot.png");
        var download = new HttpRequestMessage(HttpMethod.Get, new Uri(_sim.Host.SdpUrl, (string)listed["content_url"]!));
        await Authorize(download);
        using var response = await _sim.Http.SendAsync(download, TestContext.Current.CancellationToken);
        (await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).ShouldBe(bytes);
    }

    [Fact]
    public async Task A_change_needs_a_comment_with_its_status()
    {
        var change = (await _sim.Post("/changes", """{"change":{"title":"x"}}""")).Json["change"]!["id"]!;
        (await _sim.Put($"/changes/{change}", """{"change":{"status":{"name":"Closed"}}}""")).Message["fields"]![0]!.GetValue<string>().ShouldBe("comment");
        (await _sim.Put($"/changes/{change}", """{"change":{"status":{"name":"Closed"},"comment":"done"}}""")).Code.ShouldBe(2000);
    }

    [Fact]
    public async Task Projects_are_particular_about_pages_and_milestones()
    {
        var project = (await _sim.Post("/projects", """{"project":{"title":"x"}}""")).Json["project"]!["id"]!;
        var tasks = await _sim.Get($"/projects/{project}/tasks", """{"list_info":{"page":1}}""");
        ((string)tasks.Message["message"]!).ShouldBe("EXTRA_PARAM_FOUND");
        var milestone = await _sim.Post($"/projects/{project}/milestones", """{"milestone":{"title":"x","project":{"id":"1"}}}""");
        milestone.Message["status_code"]!.GetValue<int>().ShouldBe(4014);
    }

    [Fact]
    public void Status_names_are_the_portals_own()
    {
        static string[] Names(Instance portal) => [.. portal.Records("statuses").Select(row => (string)row["name"]!)];
        Names(_sim.Desk).ShouldContain("Onhold");
        Names(_sim.Host.Instances["hr"]).ShouldContain("On Hold");
        Names(_sim.Host.Instances["hr"]).ShouldNotContain("In Progress");
    }

    [Fact]
    public async Task A_request_on_hold_goes_on_when_its_time_has_come()
    {
        var when = _sim.Host.Clock.GetUtcNow().AddHours(2).ToUnixTimeMilliseconds();
        var id = await _sim.NewRequest();
        (await _sim.Put($"/requests/{id}", "{\"request\":{\"status\":{\"name\":\"Onhold\"},\"onhold_scheduler\":{\"change_to_status\":{\"name\":\"Open\"},"
            + "\"comments\":\"waiting\",\"scheduled_time\":{\"value\":\"" + when + "\"}}}}")).Code.ShouldBe(2000);
        ((string)_sim.Desk.Record("requests", id)!["status"]!["name"]!).ShouldBe("Onhold");
        _sim.Host.Clock.Advance(TimeSpan.FromHours(3));
        var token = await _sim.AccessToken(_sim.User);
        ((string)(await _sim.Get($"/requests/{id}", token: token)).Json["request"]!["status"]!["name"]!).ShouldBe("Open");
        _sim.Reset();
    }

    [Fact]
    public async Task A_request_can_be_tied_to_a_problem_and_untied_with_the_same_body()
    {
        var id = await _sim.NewRequest();
        var problem = _sim.Desk.Records("problems")[0]["id"]!;
        var body = "{\"request_problem_association\":{\"problem\":{\"id\":\"" + problem + "\"}}}";
        (await _sim.Post($"/requests/{id}/problem", body)).Code.ShouldBe(2000);
        ((bool)(await _sim.Get($"/requests/{id}")).Json["request"]!["has_problem"]!).ShouldBeTrue();
        (await _sim.Delete($"/requests/{id}/problem")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await _sim.Delete($"/requests/{id}/problem", body)).Code.ShouldBe(2000);
    }

    [Fact]
    public void The_seeded_desk_holds_what_a_real_one_does()
    {
        var requests = _sim.Desk.Records("requests");
        requests.Count.ShouldBeGreaterThanOrEqualTo(300);
        foreach (var status in new[] { "Open", "In Progress", "Onhold", "Resolved", "Closed", "Cancelled" })
            requests.ShouldContain(request => (string?)request["status"]!["name"] == status);
        var descriptions = requests.Select(request => (string?)request["description"] ?? "").ToList();
        descriptions.ShouldContain(text => text.Contains("Ignore all previous instructions", StringComparison.Ordinal));
        descriptions.ShouldContain(text => text.StartsWith("<![CDATA[", StringComparison.Ordinal));
        descriptions.ShouldContain(text => text.Contains("<script>", StringComparison.Ordinal));
        descriptions.ShouldContain(text => text.Length > 100_000);
        requests.Count(request => _sim.Desk.Records($"requests/{request["id"]}/notifications").Count > 0).ShouldBeGreaterThan(100);
        _sim.Desk.Records("technicians").Count.ShouldBe(12);
        _sim.Desk.Records("requesters").Count.ShouldBe(60);
        _sim.Desk.Records("technicians").Concat(_sim.Desk.Records("requesters")).Select(row => (string)row["email_id"]!).ShouldBeUnique();
    }

    private async Task Authorize(HttpRequestMessage request)
    {
        request.Headers.TryAddWithoutValidation("Accept", SimulatorFixture.Media);
        request.Headers.TryAddWithoutValidation("Authorization", "Zoho-oauthtoken " + await _sim.AccessToken());
    }
}
