using Grpc.Core;
using Sidecar.Contract;
using Sidecar.Contract.Sdp;
using Sidecar.Simulator;
using Sidecar.Tests.Harness;

namespace Sidecar.Tests.EndToEnd;

/// <summary>Invariants 3 and 4: a write is sent at most once, and "done" means that it is so.</summary>
public sealed class WriteTruthTests(PairFixture pair) : IClassFixture<PairFixture>, IAsyncLifetime
{
    private readonly Stage _stage = pair.Stage;

    public ValueTask InitializeAsync()
    {
        pair.Calm();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        pair.Calm();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task The_model_is_told_not_to_repeat_a_write_of_unknown_fate()
    {
        _stage.Simulator.Faults.Add(new Fault { Service = Service.Sdp, Method = "POST", Kind = FaultKind.Reset });
        var told = await pair.Shim.FailAsync("add_note", new { request_id = FirstId(), note = "once" });
        told.ShouldContain("not known whether");
        told.ShouldContain("check", Case.Insensitive);
    }

    [Fact]
    public async Task A_write_that_could_not_be_sent_changed_nothing_and_says_so()
    {
        _stage.Simulator.Faults.Add(new Fault { Service = Service.Sdp, Kind = FaultKind.Refuse });
        var (code, message, info) = await pair.Broker.FailAsync("AddNote", new AddNoteRequest { RequestId = FirstId(), Note = "never" });
        code.ShouldBe(StatusCode.Unavailable, message);
        info.Metadata[FailureInfo.Changed].ShouldBe("nothing");
    }

    [Fact]
    public async Task A_read_that_fails_for_a_moment_is_tried_again()
    {
        _stage.Simulator.Faults.Add(new Fault { Service = Service.Sdp, Method = "GET", Kind = FaultKind.Reset, Times = 1 });
        _stage.Simulator.Faults.Add(new Fault { Service = Service.Sdp, Method = "GET", Kind = FaultKind.Truncate, Times = 1 });
        _stage.Simulator.Faults.Add(new Fault { Service = Service.Sdp, Method = "GET", Kind = FaultKind.Status, Status = 502, Body = "", Times = 1 });
        (await pair.Broker.CallAsync<Request>("GetRequest", new GetRequestRequest { RequestId = FirstId() })).Id.ShouldBe(FirstId());
    }

    [Fact]
    public async Task A_success_code_with_a_silently_kept_status_is_not_done()
    {
        var id = await OpenAsync();
        var (code, message, info) = await pair.Broker.FailAsync("UpdateRequest", new UpdateRequestRequest { RequestId = id, Status = "Resolved" });
        code.ShouldBe(StatusCode.FailedPrecondition, message);
        message.ShouldContain("status is still \"Open\"");
        info.Metadata[FailureInfo.Changed].ShouldBe("nothing");
        info.Metadata[FailureInfo.Fields].ShouldBe("status");
    }

    [Fact]
    public async Task A_partly_applied_update_says_which_part_is_missing()
    {
        var id = await OpenAsync();
        var (_, _, info) = await pair.Broker.FailAsync("UpdateRequest", new UpdateRequestRequest { RequestId = id, Status = "Resolved", Priority = Priority() });
        info.Metadata[FailureInfo.Changed].ShouldBe("partly");
        info.Metadata[FailureInfo.Fields].ShouldBe("status");
    }

    [Fact]
    public async Task A_status_is_resolved_when_the_resolution_comes_with_it()
    {
        var id = await OpenAsync();
        var request = await pair.Broker.CallAsync<Request>("UpdateRequest", new UpdateRequestRequest { RequestId = id, Status = "Resolved", Resolution = "Replaced." });
        request.Status.ShouldBe("Resolved");
        request.Resolution.ShouldBe("Replaced.");
    }

    [Fact]
    public async Task An_update_whose_answer_is_lost_is_settled_by_reading_the_record()
    {
        var id = await OpenAsync();
        _stage.Simulator.Faults.Add(new Fault { Service = Service.Sdp, Method = "PUT", Kind = FaultKind.Reset, After = true, Times = 1 });
        var since = _stage.Simulator.Journal.LastSeq;
        (await pair.Broker.CallAsync<Request>("UpdateRequest", new UpdateRequestRequest { RequestId = id, Subject = "Settled" })).Subject.ShouldBe("Settled");
        _stage.Simulator.Journal.Since(since).Count(entry => entry.Method == "PUT").ShouldBe(1);

        _stage.Simulator.Faults.Add(new Fault { Service = Service.Sdp, Method = "PUT", Kind = FaultKind.Reset, Times = 1 });
        var (code, _, info) = await pair.Broker.FailAsync("UpdateRequest", new UpdateRequestRequest { RequestId = id, Subject = "Never arrived" });
        code.ShouldBe(StatusCode.Unknown);
        info.Metadata[FailureInfo.Indeterminate].ShouldBe("true");
    }

    [Fact]
    public async Task An_update_whose_answer_is_lost_is_not_done_because_some_text_was_there_before()
    {
        var id = (await pair.Broker.CallAsync<Request>("CreateRequest", new CreateRequestRequest { Subject = "Text", Description = "old words" })).Id;
        _stage.Simulator.Faults.Add(new Fault { Service = Service.Sdp, Method = "PUT", Kind = FaultKind.Reset, Times = 1 });
        (await pair.Broker.FailAsync("UpdateRequest", new UpdateRequestRequest { RequestId = id, Description = "new words" })).Code.ShouldBe(StatusCode.Unknown);

        _stage.Simulator.Faults.Add(new Fault { Service = Service.Sdp, Method = "PUT", Kind = FaultKind.Reset, After = true, Times = 1 });
        (await pair.Broker.CallAsync<Request>("UpdateRequest", new UpdateRequestRequest { RequestId = id, Description = "new words" })).Description.ShouldBe("new words");
    }

    [Fact]
    public async Task A_close_that_was_not_answered_and_is_not_seen_yet_may_still_come_true()
    {
        var id = await OpenAsync(pair.User.TechnicianEmail);
        _stage.Simulator.Faults.Add(new Fault { Service = Service.Sdp, Method = "PUT", Path = "close$", Kind = FaultKind.Reset, Times = 1 });
        var (code, message, info) = await pair.Broker.FailAsync("CloseRequest", new CloseRequestRequest { RequestId = id, Resolution = "Done", ClosureCode = "Success" });
        code.ShouldBe(StatusCode.Unknown, message);
        info.Metadata[FailureInfo.Indeterminate].ShouldBe("true");
        message.ShouldContain("not closed so far");
    }

    [Fact]
    public async Task A_warning_on_an_update_is_settled_by_reading_the_record()
    {
        var id = await OpenAsync();
        const string Warning = """{"response_status":{"status_code":3000,"status":"warning","messages":[{"status_code":4003,"fields":["technician"]}]}}""";
        _stage.Simulator.Faults.Add(new Fault { Service = Service.Sdp, Method = "PUT", Kind = FaultKind.Body, Body = Warning, After = true, Times = 1 });
        (await pair.Broker.CallAsync<Request>("UpdateRequest", new UpdateRequestRequest { RequestId = id, Subject = "Applied all the same" })).Subject.ShouldBe("Applied all the same");

        _stage.Simulator.Faults.Add(new Fault { Service = Service.Sdp, Method = "PUT", Kind = FaultKind.Body, Body = Warning, Times = 1 });
        var (code, _, info) = await pair.Broker.FailAsync("UpdateRequest", new UpdateRequestRequest { RequestId = id, Subject = "Not applied" });
        code.ShouldBe(StatusCode.FailedPrecondition);
        info.Metadata[FailureInfo.Changed].ShouldBe("nothing");
        info.Metadata[FailureInfo.Fields].ShouldBe("technician,subject");
    }

    [Fact]
    public async Task A_close_without_what_the_instance_wants_leaves_it_open_and_names_what_is_missing()
    {
        var id = await OpenAsync();
        var (code, message, info) = await pair.Broker.FailAsync("CloseRequest", new CloseRequestRequest { RequestId = id, ClosureCode = "Success" });
        code.ShouldBe(StatusCode.FailedPrecondition, message);
        info.Metadata[FailureInfo.Fields].ShouldContain("resolution");
        message.ShouldContain("not closed");
        (await pair.Broker.CallAsync<Request>("GetRequest", new GetRequestRequest { RequestId = id })).IsOpen.ShouldBeTrue();
    }

    [Fact]
    public async Task A_close_whose_answer_is_lost_is_settled_by_reading_the_request()
    {
        var id = await OpenAsync(pair.User.TechnicianEmail);
        _stage.Simulator.Faults.Add(new Fault { Service = Service.Sdp, Method = "PUT", Path = "close$", Kind = FaultKind.Reset, After = true, Times = 1 });
        var since = _stage.Simulator.Journal.LastSeq;
        var closed = await pair.Broker.CallAsync<Request>("CloseRequest", new CloseRequestRequest { RequestId = id, Resolution = "Done", ClosureCode = "Success", ClosureComments = "ok" });
        closed.IsOpen.ShouldBeFalse();
        _stage.Changes(since).Count(entry => entry.Path.EndsWith("close", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task A_close_that_could_not_read_first_has_sent_nothing_and_says_so()
    {
        var id = await OpenAsync(pair.User.TechnicianEmail);
        _stage.Simulator.Faults.Add(new Fault { Service = Service.Sdp, Method = "GET", Path = $"/requests/{id}$", Kind = FaultKind.Reset, Skip = 1 });
        var since = _stage.Simulator.Journal.LastSeq;
        var (code, message, info) = await pair.Broker.FailAsync("CloseRequest", new CloseRequestRequest { RequestId = id, Resolution = "Done" });
        (code, info.Metadata[FailureInfo.Changed]).ShouldBe((StatusCode.Unavailable, "nothing"), message);
        _stage.Simulator.Journal.Since(since).ShouldNotContain(entry => entry.Method == "PUT");
    }

    [Fact]
    public async Task A_claimed_close_that_did_not_happen_is_not_done()
    {
        var id = await OpenAsync(pair.User.TechnicianEmail);
        _stage.Simulator.Faults.Add(new Fault { Service = Service.Sdp, Method = "PUT", Path = "close$", Kind = FaultKind.Body, Body = """{"response_status":{"status_code":2000,"status":"success"}}""" });
        var (code, message, _) = await pair.Broker.FailAsync("CloseRequest", new CloseRequestRequest { RequestId = id, ClosureCode = "Success" });
        code.ShouldBe(StatusCode.FailedPrecondition);
        message.ShouldContain("did not close");
    }

    [Theory]
    [InlineData("""{"response_status":{"status_code":4000,"status":"failed","messages":[{"status_code":4001,"field":"subject"}]}}""", StatusCode.InvalidArgument)]
    [InlineData("""{"request":{"id":"1"}}""", StatusCode.Unknown)]
    [InlineData("<html><body>Sign in</body></html>", StatusCode.FailedPrecondition)]
    [InlineData("""{"response_status":{"status_code":3000,"status":"warning","messages":[{"status_code":4003,"fields":["priority"]}]}}""", StatusCode.FailedPrecondition)]
    public async Task HTTP_200_alone_is_never_success(string body, StatusCode expected)
    {
        _stage.Simulator.Faults.Add(new Fault { Service = Service.Sdp, Method = "POST", Kind = FaultKind.Body, Body = body, ContentType = body[0] == '<' ? "text/html" : "application/json" });
        (await pair.Broker.FailAsync("CreateRequest", new CreateRequestRequest { Subject = $"Not a success: {body.Length}" })).Code.ShouldBe(expected);
    }

    [Fact]
    public async Task A_warning_is_never_sent_again_whatever_codes_it_carries()
    {
        foreach (var code in new[] { 4015, 4022, 4004 })
        {
            _stage.Simulator.Faults.Add(new Fault
            {
                Service = Service.Sdp, Method = "POST", Kind = FaultKind.Body, Times = 1,
                Body = $$$"""{"response_status":{"status_code":3000,"status":"warning","messages":[{"status_code":{{{code}}},"type":"warning"}]}}""",
            });
            var since = _stage.Simulator.Journal.LastSeq;
            (await pair.Broker.FailAsync("CreateRequest", new CreateRequestRequest { Subject = "Warning" })).Code.ShouldBe(StatusCode.FailedPrecondition);
            _stage.Simulator.Journal.Since(since).Count(entry => entry.Method == "POST").ShouldBe(1);
        }
    }

    [Fact]
    public async Task A_finished_request_that_a_close_does_not_move_is_not_told_as_closed()
    {
        var id = await OpenAsync(pair.User.TechnicianEmail);
        await pair.Broker.CallAsync<Request>("UpdateRequest", new UpdateRequestRequest { RequestId = id, Status = "Resolved", Resolution = "Done" });
        _stage.Simulator.Faults.Add(new Fault { Service = Service.Sdp, Method = "PUT", Path = "close$", Kind = FaultKind.Body, Body = """{"response_status":{"status_code":2000,"status":"success"}}""" });
        var (_, message, _) = await pair.Broker.FailAsync("CloseRequest", new CloseRequestRequest { RequestId = id });
        message.ShouldContain("\"Resolved\"");
        _stage.Simulator.Faults.Clear();
        (await pair.Broker.CallAsync<Request>("CloseRequest", new CloseRequestRequest { RequestId = id, ClosureCode = "Success", ClosureComments = "ok" })).Status.ShouldBe("Closed");
    }

    [Fact]
    public async Task A_success_that_changed_no_text_is_not_done()
    {
        var id = (await pair.Broker.CallAsync<Request>("CreateRequest", new CreateRequestRequest { Subject = "Text", Description = "old words" })).Id;
        _stage.Simulator.Faults.Add(new Fault { Service = Service.Sdp, Method = "PUT", Kind = FaultKind.Body, Body = """{"response_status":{"status_code":2000,"status":"success"}}""" });
        var (code, message, info) = await pair.Broker.FailAsync("UpdateRequest", new UpdateRequestRequest { RequestId = id, Description = "new words" });
        (code, info.Metadata[FailureInfo.Changed]).ShouldBe((StatusCode.FailedPrecondition, "nothing"), message);
        (await pair.Broker.FailAsync("UpdateRequest", new UpdateRequestRequest { RequestId = id })).Code.ShouldBe(StatusCode.InvalidArgument);
    }

    [Fact]
    public async Task A_refused_email_is_not_sent_as_something_else()
    {
        _stage.Simulator.Faults.Add(new Fault { Service = Service.Sdp, Method = "POST", Path = "notifications$", Kind = FaultKind.Status, Status = 403, Body = Bodies.Error(4002) });
        var since = _stage.Simulator.Journal.LastSeq;
        var told = await pair.Shim.FailAsync("reply_to_requester", new { request_id = FirstId(), message = "Hello" });
        told.ShouldContain("No e-mail was sent");
        _stage.Changes(since).ShouldBeEmpty();
    }

    private string FirstId() => (string)_stage.Instance.Records("requests")[0]["id"]!;

    private string Priority() => (string)_stage.Instance.Records("priorities")[^1]["name"]!;

    private async Task<string> OpenAsync(string technician = "") =>
        (await pair.Broker.CallAsync<Request>("CreateRequest", new CreateRequestRequest { Subject = "Truth", Technician = technician })).Id;
}
