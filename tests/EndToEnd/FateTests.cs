using Google.Protobuf;
using Grpc.Core;
using Sidecar.Contract;
using Sidecar.Contract.Sdp;
using Sidecar.Simulator;
using Sidecar.Tests.Harness;

namespace Sidecar.Tests.EndToEnd;

/// <summary>Invariant 3 where an answer is lost: what became of the write is found out, and repeating the call doubles nothing.</summary>
public sealed class FateTests(PairFixture pair) : IClassFixture<PairFixture>, IAsyncLifetime
{
    private const string Notes = "/notes$", Mails = "/notifications$", Requests = "/requests$";

    // And shorter than the answer takes.
    private static readonly TimeSpan LongEnoughToSend = TimeSpan.FromSeconds(4);

    private readonly Stage _stage = pair.Stage;

    public ValueTask InitializeAsync()
    {
        pair.Calm();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => InitializeAsync();

    [Theory]
    [InlineData(FaultKind.Reset, 0)]
    [InlineData(FaultKind.ResetAfterHeaders, 0)]
    [InlineData(FaultKind.Truncate, 0)]
    [InlineData(FaultKind.Html, 0)]
    [InlineData(FaultKind.Status, 500)]
    [InlineData(FaultKind.Status, 502)]
    public async Task A_request_that_was_opened_although_the_answer_is_lost_is_found(FaultKind kind, int status)
    {
        Lose(Requests, kind, after: true, status);
        var since = _stage.Simulator.Journal.LastSeq;
        var subject = $"Lost {kind} {status} <b>&amp;";
        var opened = await pair.Broker.CallAsync<Request>("CreateRequest", new CreateRequestRequest { Subject = subject, Description = "a < b & c\n\nsecond  line" });
        opened.Subject.ShouldBe(subject);
        Posts(since).ShouldBe(1);
        _stage.Changes(since).ShouldHaveSingleItem().Changed!.ShouldEndWith(opened.Id);
    }

    [Theory]
    [InlineData("AddNote", Notes)]
    [InlineData("AddPrivateNote", Notes)]
    [InlineData("ReplyToRequester", Mails)]
    [InlineData("SendFirstResponse", Mails)]
    public async Task What_was_written_or_sent_although_the_answer_is_lost_is_found(string rpc, string path)
    {
        var request = Writing(rpc, await OpenAsync(), $"Once only: {rpc}");
        Lose(path, FaultKind.Reset, after: true);
        var since = _stage.Simulator.Journal.LastSeq;
        var made = await pair.Broker.CallAsync<IMessage>(rpc, request);
        Posts(since).ShouldBe(1);
        _stage.Changes(since).ShouldHaveSingleItem().Changed!.ShouldEndWith(Id(made));
        if (made is SentReply reply) reply.Notice.ShouldContain("was lost");
    }

    [Theory]
    [InlineData("CreateRequest", Requests)]
    [InlineData("AddNote", Notes)]
    [InlineData("ReplyToRequester", Mails)]
    public async Task What_did_not_arrive_is_told_as_unknown_and_not_sent_again_for_a_while(string rpc, string path)
    {
        var request = Writing(rpc, await OpenAsync(), $"Never arrived: {rpc}");
        Lose(path, FaultKind.Reset, after: false);
        var since = _stage.Simulator.Journal.LastSeq;
        var (code, message, info) = await pair.Broker.FailAsync(rpc, request);
        code.ShouldBe(StatusCode.Unknown, message);
        info.Metadata[FailureInfo.Indeterminate].ShouldBe("true");
        message.ShouldContain("is not there so far");

        _stage.Simulator.Faults.Clear();
        (code, message, info) = await pair.Broker.FailAsync(rpc, request);
        (code, info.Metadata[FailureInfo.Indeterminate]).ShouldBe((StatusCode.Unknown, "true"), message);
        message.ShouldContain("was not sent again");
        int.Parse(info.Metadata[FailureInfo.RetryAfter], System.Globalization.CultureInfo.InvariantCulture).ShouldBeInRange(1, 120);
        Posts(since).ShouldBe(1);
        _stage.Changes(since).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_error_of_the_application_with_nothing_to_be_found_changed_nothing()
    {
        _stage.Simulator.Faults.Add(new Fault { Service = Service.Sdp, Method = "POST", Kind = FaultKind.Status, Status = 500, Body = Bodies.Error(4004), Times = 1 });
        var request = new CreateRequestRequest { Subject = "Internal error" };
        var (code, message, info) = await pair.Broker.FailAsync("CreateRequest", request);
        (code, info.Metadata[FailureInfo.Changed]).ShouldBe((StatusCode.Unavailable, "nothing"), message);
        (await pair.Broker.CallAsync<Request>("CreateRequest", request)).Subject.ShouldBe(request.Subject);
    }

    [Theory]
    [InlineData(true, "partly")]
    [InlineData(false, "nothing")]
    public async Task A_warning_tells_whether_the_request_was_opened(bool after, string changed)
    {
        const string Warning = """{"response_status":{"status_code":3000,"status":"warning","messages":[{"status_code":4003,"fields":["priority"]}]}}""";
        _stage.Simulator.Faults.Add(new Fault { Service = Service.Sdp, Method = "POST", Kind = FaultKind.Body, Body = Warning, After = after, Times = 1 });
        var (code, message, info) = await pair.Broker.FailAsync("CreateRequest", new CreateRequestRequest { Subject = $"Warned {after}" });
        (code, info.Metadata[FailureInfo.Changed]).ShouldBe((StatusCode.FailedPrecondition, changed), message);
        if (after) message.ShouldContain((string)_stage.Instance.Records("requests")[^1]["id"]!);
    }

    [Fact]
    public async Task A_twin_opened_before_is_not_taken_for_the_lost_one()
    {
        var request = new CreateRequestRequest { Subject = "Twins" };
        await pair.Broker.CallAsync<Request>("CreateRequest", request);
        Lose(Requests, FaultKind.Reset, after: false);
        (await pair.Broker.FailAsync("CreateRequest", request)).Code.ShouldBe(StatusCode.Unknown);
    }

    [Fact]
    public async Task What_another_made_at_that_time_is_not_taken_for_the_lost_one()
    {
        var id = await OpenAsync();
        var another = await _stage.StartBrokerAsync(_stage.FileSettings(_stage.Simulator.AddUser(new UserWish { Email = Colleague() })));
        await another.CallAsync<Note>("AddPrivateNote", new AddPrivateNoteRequest { RequestId = id, Note = "same words" });
        var own = await _stage.StartBrokerAsync(_stage.FileSettings(pair.User));
        await own.CallAsync<Note>("AddNote", new AddNoteRequest { RequestId = id, Note = "same words" });

        Lose(Notes, FaultKind.Reset, after: false);
        var (code, message, _) = await pair.Broker.FailAsync("AddPrivateNote", new AddPrivateNoteRequest { RequestId = id, Note = "same words" });
        code.ShouldBe(StatusCode.Unknown);
        message.ShouldContain("One much like it");
    }

    [Fact]
    public async Task What_may_be_the_record_is_named_and_not_claimed()
    {
        var own = await _stage.StartBrokerAsync(_stage.FileSettings(pair.User));
        var similar = await own.CallAsync<Request>("CreateRequest", new CreateRequestRequest { Subject = "Alike", Description = "other words" });
        Lose(Requests, FaultKind.Reset, after: false);
        var (code, message, _) = await pair.Broker.FailAsync("CreateRequest", new CreateRequestRequest { Subject = "Alike", Description = "words" });
        code.ShouldBe(StatusCode.Unknown);
        message.ShouldContain(similar.Id);
    }

    [Fact]
    public async Task A_caller_who_left_and_asks_again_gets_what_was_made()
    {
        _stage.Simulator.Faults.Add(new Fault { Service = Service.Sdp, Method = "POST", Path = Requests, Kind = FaultKind.Delay, DelayMs = 8000, Times = 1 });
        var since = _stage.Simulator.Journal.LastSeq;
        var request = new CreateRequestRequest { Subject = "Impatient" };
        var left = await Should.ThrowAsync<RpcException>(() => pair.Broker.CallAsync<Request>("CreateRequest", request, LongEnoughToSend));
        left.StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
        var opened = await pair.Broker.CallAsync<Request>("CreateRequest", request);
        Posts(since).ShouldBe(1);
        _stage.Changes(since).ShouldHaveSingleItem().Changed!.ShouldEndWith(opened.Id);

        // Told once; from then on the same words are another wish.
        (await pair.Broker.CallAsync<Request>("CreateRequest", request)).Id.ShouldNotBe(opened.Id);
    }

    [Fact]
    public async Task A_first_response_whose_caller_left_is_not_taken_for_somebody_elses()
    {
        var request = Writing("SendFirstResponse", await OpenAsync(), "On my way");
        _stage.Simulator.Faults.Add(new Fault { Service = Service.Sdp, Method = "POST", Path = Mails, Kind = FaultKind.Delay, After = true, DelayMs = 8000, Times = 1 });
        var since = _stage.Simulator.Journal.LastSeq;
        var left = await Should.ThrowAsync<RpcException>(() => pair.Broker.CallAsync<SentReply>("SendFirstResponse", request, LongEnoughToSend));
        left.StatusCode.ShouldBe(StatusCode.DeadlineExceeded);

        // By now the instance says that the request had its first response: this one.
        var sent = await pair.Broker.CallAsync<SentReply>("SendFirstResponse", request);
        Posts(since).ShouldBe(1);
        _stage.Changes(since).ShouldHaveSingleItem().Changed!.ShouldEndWith(sent.Id);
        (await pair.Broker.FailAsync("SendFirstResponse", request)).Info.Reason.ShouldBe("ALREADY_RESPONDED");
    }

    [Fact]
    public async Task A_clock_that_goes_wrong_at_the_instance_hides_nothing()
    {
        _stage.Simulator.Clock.Advance(TimeSpan.FromMinutes(20));
        Lose(Requests, FaultKind.Reset, after: true);
        (await pair.Broker.CallAsync<Request>("CreateRequest", new CreateRequestRequest { Subject = "Skewed" })).Subject.ShouldBe("Skewed");
    }

    [Fact]
    public async Task Who_am_I_tells_the_spellings_that_were_found_out()
    {
        _stage.Instance.Switches = new InstanceSwitches { NoteKey = NoteKey.Note };
        var broker = await _stage.StartBrokerAsync(_stage.FileSettings(pair.User));
        await broker.CallAsync<Note>("AddNote", new AddNoteRequest { RequestId = await OpenAsync(), Note = "spelling" });
        (await broker.WhoAmIAsync()).Dialect.ShouldContain("POST /requests/{request_id}/notes body: note");
    }

    private void Lose(string path, FaultKind kind, bool after, int status = 0)
    {
        _stage.Simulator.Faults.Clear();
        _stage.Simulator.Faults.Add(new Fault { Service = Service.Sdp, Method = "POST", Path = path, Kind = kind, After = after, Status = status == 0 ? null : status, Times = 1 });
    }

    private int Posts(long since) => _stage.Simulator.Journal.Since(since).Count(entry => entry.Method == "POST" && entry.Service == Service.Sdp);

    private static IMessage Writing(string rpc, string id, string text) => rpc switch
    {
        "AddNote" => new AddNoteRequest { RequestId = id, Note = text },
        "AddPrivateNote" => new AddPrivateNoteRequest { RequestId = id, Note = text },
        "ReplyToRequester" => new ReplyToRequesterRequest { RequestId = id, Message = text },
        "SendFirstResponse" => new SendFirstResponseRequest { RequestId = id, Message = text },
        _ => new CreateRequestRequest { Subject = text },
    };

    private static string Id(IMessage record) => (string)record.Descriptor.FindFieldByName("id").Accessor.GetValue(record);

    private async Task<string> OpenAsync() => (await pair.Broker.CallAsync<Request>("CreateRequest", new CreateRequestRequest { Subject = "Fate", Requester = Requester() })).Id;

    private string Colleague() => (string)_stage.Instance.Records("technicians")[1]["email_id"]!;

    private string Requester() => (string)_stage.Instance.Records("requesters")[0]["email_id"]!;
}
