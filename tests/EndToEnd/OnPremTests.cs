using System.Text.Json;
using Grpc.Core;
using Sidecar.Contract;
using Sidecar.Contract.Sdp;
using Sidecar.Simulator;
using Sidecar.Tests.Harness;

namespace Sidecar.Tests.EndToEnd;

/// <summary>A pair against an instance on premises: every tool works there or says plainly why not.</summary>
public sealed class OnPremTests : IAsyncLifetime
{
    private static readonly string[] CloudOnly = ["reply_to_requester", "send_first_response"];
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(60);

    private Stage _stage = null!;
    private SimulatedOnPremUser _user = null!;
    private Instance _premises = null!;

    public async ValueTask InitializeAsync()
    {
        _stage = await Stage.SetAsync();
        _user = _stage.Simulator.AddOnPremUser();
        _premises = _stage.Simulator.Instances["premises"];
    }

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task All_sixteen_tools_do_their_work_or_say_why_not()
    {
        var (_, shim) = await StartAsync();
        var done = new List<string>();
        var me = _user.TechnicianEmail;

        var identity = await DoAsync("whoami");
        (identity.Text("credential_kind"), identity.Text("data_centre"), identity.Text("token_state"), identity.Text("technician_email")).ShouldBe(("on_prem", null, "valid", me));
        identity.Text("instance_url").ShouldBe(_user.Credential.BaseUrl);
        identity.Text("token_expires_time").ShouldBeNull();

        var metadata = await DoAsync("get_metadata");
        foreach (var list in new[] { "groups", "closure_codes", "statuses", "templates" }) metadata.GetProperty(list).GetArrayLength().ShouldBeGreaterThan(0, list);
        metadata.GetProperty("unavailable").GetArrayLength().ShouldBe(0);

        var technicians = (await DoAsync("list_technicians")).GetProperty("technicians").EnumerateArray().ToList();
        technicians.Count.ShouldBe(4);
        (await DoAsync("get_technician", new { technician = technicians[1].Text("id") })).Text("email").ShouldBe(technicians[1].Text("email"));
        (await DoAsync("find_technician", new { query = me.Split('.')[0] })).GetProperty("technicians").GetArrayLength().ShouldBeGreaterThan(0);

        var created = await DoAsync("create_request", new { subject = "Press 4 stands still", technician = technicians[0].Text("id"), group = "Service Desk", priority = "2 - High" });
        var id = created.Text("id")!;
        created.Text("display_id").ShouldBe(id);
        (await DoAsync("get_request", new { request_id = $"#{id}" })).Text("subject").ShouldBe("Press 4 stands still");
        (await DoAsync("list_requests", new { queue = "mine" })).GetProperty("requests").EnumerateArray().ShouldContain(row => row.Text("id") == id);
        (await DoAsync("search_requests", new { query = "Press 4" })).GetProperty("requests").GetArrayLength().ShouldBe(1);
        (await DoAsync("update_request", new { request_id = id, priority = "3 - Normal" })).Text("priority").ShouldBe("3 - Normal");
        (await DoAsync("add_note", new { request_id = id, note = "We are on it." })).GetProperty("show_to_requester").GetBoolean().ShouldBeTrue();
        (await DoAsync("add_private_note", new { request_id = id, note = "Fuse." })).GetProperty("show_to_requester").GetBoolean().ShouldBeFalse();

        var conversation = await DoAsync("get_request_conversation", new { request_id = id });
        conversation.GetProperty("messages").EnumerateArray().Select(message => (message.Text("type"), message.Text("text")))
            .ShouldBe([("NOTES", "We are on it."), ("NOTES", "Fuse.")], ignoreOrder: true);
        conversation.Text("notice")!.ShouldContain("notes alone");

        foreach (var tool in CloudOnly)
        {
            var since = _stage.Simulator.Journal.LastSeq;
            var told = await shim.FailAsync(tool, new { request_id = id, message = "Hello" });
            told.ShouldContain("not possible on premises");
            told.ShouldContain("Nothing was");
            told.ShouldContain("add_note");
            _stage.Simulator.Journal.Since(since).ShouldBeEmpty();
            done.Add(tool);
        }

        var closed = await DoAsync("close_request", new { request_id = id, resolution = "New fuse.", closure_code = "Success", closure_comments = "ok" });
        closed.GetProperty("is_open").GetBoolean().ShouldBeFalse();

        done.Distinct().ShouldBe(Catalog.Current.Tools.Select(operation => operation.Tool!.Name), ignoreOrder: true);
        _premises.Outbox.ShouldBeEmpty();
        var calls = _stage.Simulator.Journal.Since().Where(entry => entry.Service is Service.Sdp or Service.Accounts).ToList();
        // Spoken to in its own words from the start: no call failed to find out how.
        calls.ShouldAllBe(entry => entry.Status == 200 && entry.Path.StartsWith("/api/v3/", StringComparison.Ordinal));
        calls.ShouldAllBe(entry => entry.HeaderNames.Contains("authtoken") && entry.HeaderNames.Contains("PORTALID") && !entry.HeaderNames.Contains("Authorization"));

        async Task<JsonElement> DoAsync(string tool, object? arguments = null)
        {
            done.Add(tool);
            return await shim.DoAsync(tool, arguments);
        }
    }

    [Fact]
    public async Task Tools_that_only_Cloud_has_are_not_listed_and_asked_of_the_broker_itself_they_are_refused()
    {
        var (broker, shim) = await StartAsync();
        var listed = (await (await shim.ClientAsync()).ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken)).Select(tool => tool.Name);
        listed.ShouldBe(Catalog.Current.Tools.Select(operation => operation.Tool!.Name).Except(CloudOnly));
        var (code, _, info) = await broker.FailAsync("ReplyToRequester", new ReplyToRequesterRequest { RequestId = "1", Message = "x" });
        (code, info.Reason, info.Metadata[FailureInfo.Changed]).ShouldBe((StatusCode.FailedPrecondition, "CLOUD_ONLY", "nothing"));
    }

    [Fact]
    public async Task A_key_from_the_vault_in_the_older_header_works_as_well()
    {
        _premises.Switches = InstanceSwitches.OnPremises with { KeyHeader = KeyHeader.TechnicianKey };
        var broker = await _stage.StartBrokerAsync(_stage.VaultSettings(_user, "sdp-onprem"));
        await broker.CallAsync<Request>("CreateRequest", new CreateRequestRequest { Subject = "Older" });
        _stage.Simulator.Journal.Since().Count(entry => entry is { Service: Service.Sdp, Status: 401 }).ShouldBe(1);
        _premises.Records("requests").Count(record => (string?)record["subject"] == "Older").ShouldBe(1);
    }

    [Fact]
    public async Task A_rejected_key_is_told_at_once_is_final_and_locks_nobody_out()
    {
        _premises.Keys.Revoke();
        var broker = await _stage.StartBrokerAsync(_stage.FileSettings(_user), ready: false);
        (await UntilAsync(broker, identity => identity.TokenState == TokenState.Refused)).Problem.ShouldContain("refuses the technician key");
        for (var i = 0; i < 20; i++)
        {
            var (code, message, info) = await broker.FailAsync("CreateRequest", new CreateRequestRequest { Subject = "No" });
            (code, info.Metadata[FailureInfo.Changed]).ShouldBe((StatusCode.Unauthenticated, "nothing"));
            message.ShouldContain("Generate a key");
        }

        // Both headers, once.
        _stage.Simulator.Journal.Since().Count(entry => entry.Service == Service.Sdp).ShouldBe(2);
    }

    [Fact]
    public async Task A_key_that_was_generated_anew_is_taken_up_from_the_file_and_no_write_is_doubled()
    {
        var settings = _stage.FileSettings(_user);
        settings["Credential__RefreshInterval"] = "00:00:01";
        var broker = await _stage.StartBrokerAsync(settings);
        await broker.CallAsync<RequestPage>("ListRequests", new ListRequestsRequest());

        // The old key is dead from here on, before the file says so.
        var renewed = _stage.Simulator.AddOnPremUser();
        (await broker.FailAsync("CreateRequest", new CreateRequestRequest { Subject = "Between" })).Code.ShouldBe(StatusCode.Unauthenticated);
        var path = settings["Credential__Path"];
        await File.WriteAllTextAsync(path + ".new", renewed.Credential.ToJson(), TestContext.Current.CancellationToken);
        File.Move(path + ".new", path, overwrite: true);

        await broker.WaitUntilReadyAsync(Recovery);
        await broker.CallAsync<Request>("CreateRequest", new CreateRequestRequest { Subject = "After" });
        _premises.Records("requests").Count(record => (string?)record["subject"] is "Between" or "After").ShouldBe(1);
    }

    [Fact]
    public async Task A_credential_may_change_from_Cloud_to_on_premises()
    {
        var settings = _stage.FileSettings(_stage.Simulator.AddUser());
        settings["Credential__RefreshInterval"] = "00:00:01";
        var broker = await _stage.StartBrokerAsync(settings);
        (await broker.CallAsync<Description>("Describe", new DescribeRequest())).Tools.ShouldContain("reply_to_requester");
        await File.WriteAllTextAsync(settings["Credential__Path"], _user.Credential.ToJson(), TestContext.Current.CancellationToken);
        await UntilAsync(broker, identity => identity is { CredentialKind: "on_prem", Ready: true });
        (await broker.CallAsync<Description>("Describe", new DescribeRequest())).Tools.ShouldNotContain("reply_to_requester");
        var created = await broker.CallAsync<Request>("CreateRequest", new CreateRequestRequest { Subject = "Moved" });
        await broker.CallAsync<Note>("AddNote", new AddNoteRequest { RequestId = created.Id, Note = "here" });
        _premises.Records($"requests/{created.Id}/notes").Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_blocked_url_is_told_as_a_limit_with_a_time_to_wait()
    {
        var broker = await _stage.StartBrokerAsync(_stage.FileSettings(_user));
        _premises.Switches = InstanceSwitches.OnPremises with { RateLimit = 0 };
        var (code, _, info) = await broker.FailAsync("CreateRequest", new CreateRequestRequest { Subject = "Blocked" });
        (code, info.Reason, info.Metadata[FailureInfo.Changed]).ShouldBe((StatusCode.ResourceExhausted, "RATE_LIMITED", "nothing"));
        info.Metadata.Keys.ShouldContain(FailureInfo.RetryAfter);
    }

    [Fact]
    public async Task Where_numbers_are_kept_apart_from_ids_a_bare_number_ends_in_no_other_request()
    {
        _premises.Switches = InstanceSwitches.OnPremises with { NumbersApart = true };
        var broker = await _stage.StartBrokerAsync(_stage.FileSettings(_user));
        var created = await broker.CallAsync<Request>("CreateRequest", new CreateRequestRequest { Subject = "Apart" });
        created.DisplayId.ShouldNotBe(created.Id);
        (await broker.CallAsync<Request>("GetRequest", new GetRequestRequest { RequestId = "#" + created.DisplayId })).Subject.ShouldBe("Apart");
        (await broker.CallAsync<Request>("GetRequest", new GetRequestRequest { RequestId = created.Id })).Subject.ShouldBe("Apart");
        var (code, message, _) = await broker.FailAsync("AddNote", new AddNoteRequest { RequestId = created.DisplayId, Note = "x" });
        code.ShouldBe(StatusCode.InvalidArgument);
        message.ShouldContain("may be the number of one record and the id of another");
    }

    private async Task<(RunningBroker Broker, RunningShim Shim)> StartAsync()
    {
        var broker = await _stage.StartBrokerAsync(_stage.FileSettings(_user));
        return (broker, await _stage.StartShimAsync(broker));
    }

    private static async Task<Identity> UntilAsync(RunningBroker broker, Func<Identity, bool> holds)
    {
        using var end = new CancellationTokenSource(Recovery);
        while (true)
        {
            var identity = await broker.WhoAmIAsync();
            if (holds(identity)) return identity;
            end.IsCancellationRequested.ShouldBeFalse($"still: {identity}");
            await Task.Delay(20, CancellationToken.None);
        }
    }
}
