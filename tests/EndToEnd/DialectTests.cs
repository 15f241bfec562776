using Sidecar.Contract.Sdp;
using Sidecar.Simulator;
using Sidecar.Tests.Harness;

namespace Sidecar.Tests.EndToEnd;

/// <summary>Instances disagree about spellings; the broker works with either, tries the other one once, and remembers.</summary>
public sealed class DialectTests : IAsyncLifetime
{
    private Stage _stage = null!;
    private RunningBroker _broker = null!;
    private SimulatedUser _user = null!;

    public async ValueTask InitializeAsync()
    {
        _stage = await Stage.SetAsync();
        _user = _stage.Simulator.AddUser();
        _broker = await _stage.StartBrokerAsync(_stage.FileSettings(_user));
    }

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Theory]
    [InlineData(NoteKey.RequestNote)]
    [InlineData(NoteKey.Note)]
    public async Task A_note_is_wrapped_as_the_instance_wants_it(NoteKey key)
    {
        _stage.Instance.Switches = new InstanceSwitches { NoteKey = key };
        var id = await OpenAsync();
        await AddAsync();
        var since = _stage.Simulator.Journal.LastSeq;
        await AddAsync();
        // The second time it knows.
        _stage.Simulator.Journal.Since(since).Count.ShouldBe(1);
        _stage.Instance.Records($"requests/{id}/notes").Count.ShouldBe(2);

        Task<Note> AddAsync() => _broker.CallAsync<Note>("AddNote", new AddNoteRequest { RequestId = id, Note = "text" });
    }

    [Theory]
    [InlineData(PathSpelling.Plain)]
    [InlineData(PathSpelling.Underscore)]
    public async Task A_request_is_closed_under_either_path(PathSpelling spelling)
    {
        _stage.Instance.Switches = new InstanceSwitches { ClosePath = spelling };
        for (var i = 0; i < 2; i++)
        {
            var closed = await _broker.CallAsync<Request>("CloseRequest", new CloseRequestRequest
            {
                RequestId = await OpenAsync(), Resolution = "Done", ClosureCode = "Success", ClosureComments = "ok",
            });
            closed.IsOpen.ShouldBeFalse();
        }
    }

    [Theory]
    [InlineData(ReplyTarget.Request)]
    [InlineData(ReplyTarget.Message)]
    public async Task An_email_goes_out_once_whoever_is_named_as_answered(ReplyTarget target)
    {
        _stage.Instance.Switches = new InstanceSwitches { ReplyTarget = target };
        await _broker.CallAsync<SentReply>("ReplyToRequester", new ReplyToRequesterRequest { RequestId = await OpenAsync(), Message = "Hello" });
        _stage.Instance.Outbox.Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_instance_without_closure_codes_closes_without_one()
    {
        _stage.Instance.Switches = new InstanceSwitches { ClosureCodesConfigured = false };
        (await _broker.CallAsync<Request>("CloseRequest", new CloseRequestRequest { RequestId = await OpenAsync(), Resolution = "Done", ClosureComments = "ok" })).IsOpen.ShouldBeFalse();
    }

    [Fact]
    public async Task Names_are_sent_as_ids_where_the_instance_refuses_names()
    {
        _stage.Instance.Switches = new InstanceSwitches { NamesRefused = ["priority", "category"] };
        var (priority, category) = (Name("priorities"), Name("categories"));
        for (var i = 0; i < 2; i++)
        {
            var created = await _broker.CallAsync<Request>("CreateRequest", new CreateRequestRequest { Subject = "By id", Priority = priority, Category = category });
            (await _broker.CallAsync<Request>("GetRequest", new GetRequestRequest { RequestId = created.Id })).Priority.ShouldBe(priority);
        }

        _stage.Instance.Records("requests").Count(record => (string?)record["subject"] == "By id").ShouldBe(2);
    }

    [Theory]
    [InlineData(MissingScope.Unauthorized)]
    [InlineData(MissingScope.NotFound)]
    [InlineData(MissingScope.Forbidden)]
    public async Task Technicians_are_listed_without_their_scope_and_without_their_path(MissingScope missing)
    {
        _stage.Instance.Switches = new InstanceSwitches { MissingScope = missing };
        var user = _stage.Simulator.AddUser(new UserWish { Scopes = ["SDPOnDemand.requests.ALL", "SDPOnDemand.setup.READ"] });
        var broker = await _stage.StartBrokerAsync(_stage.FileSettings(user));
        var tokens = _stage.Simulator.Accounts.TokensMade;
        (await broker.CallAsync<TechnicianPage>("ListTechnicians", new ListTechniciansRequest())).Technicians.ShouldNotBeEmpty();
        // A missing scope is no dead token.
        _stage.Simulator.Accounts.TokensMade.ShouldBe(tokens);

        _stage.Instance.Switches = new InstanceSwitches { TechniciansPath = false };
        (await _broker.CallAsync<TechnicianPage>("FindTechnician", new FindTechnicianRequest { Query = "a" })).Technicians.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Lists_that_the_instance_does_not_have_are_named_and_hide_no_others()
    {
        _stage.Instance.Switches = new InstanceSwitches { GroupsPath = false, ClosureCodesPath = false, StatusesPath = false };
        var metadata = await _broker.CallAsync<Metadata>("GetMetadata", new GetMetadataRequest());
        metadata.Groups.ShouldNotBeEmpty();
        metadata.ClosureCodes.ShouldNotBeEmpty();
        metadata.Unavailable.ShouldHaveSingleItem().List.ShouldBe("statuses");

        _stage.Instance.Switches = new InstanceSwitches { SupportGroupsPath = false };
        (await _broker.CallAsync<Metadata>("GetMetadata", new GetMetadataRequest { Lists = { "groups" } })).Groups.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Rows_that_do_not_fit_the_filter_are_left_out_and_that_is_said()
    {
        _stage.Instance.Switches = new InstanceSwitches { WrongRowsForTechnicianAndStatus = true };
        var page = await _broker.CallAsync<RequestPage>("SearchRequests", new SearchRequestsRequest { Technician = _user.TechnicianEmail, Status = "Open", PageSize = 100 });
        page.Requests.ShouldNotBeEmpty();
        page.Requests.ShouldAllBe(row => row.Status == "Open");
        page.Notice.ShouldContain("left out");
    }

    [Fact]
    public async Task Null_as_text_is_nothing()
    {
        _stage.Instance.Switches = new InstanceSwitches { NullsAsText = true };
        var request = await _broker.CallAsync<Request>("GetRequest", new GetRequestRequest { RequestId = await OpenAsync() });
        request.ToString().ShouldNotContain("\"null\"");
        request.CompletedTime.ShouldBeNull();
    }

    [Fact]
    public async Task The_default_portal_is_used_where_the_credential_names_none()
    {
        var credential = _user.Credential.ToJson().Replace("\"portal\":\"itdesk\"", "\"portal\":\"\"", StringComparison.Ordinal);
        var broker = await _stage.StartBrokerAsync(Sandbox.Processes.BrokerSettings.File(_stage.Folder.Write("default-portal.json", credential), _stage.CaFile));
        (await broker.CallAsync<RequestPage>("ListRequests", new ListRequestsRequest())).Requests.ShouldNotBeEmpty();
    }

    private string Name(string list) => (string)_stage.Instance.Records(list)[^1]["name"]!;

    private async Task<string> OpenAsync() =>
        (await _broker.CallAsync<Request>("CreateRequest", new CreateRequestRequest { Subject = "Dialect", Technician = _user.TechnicianEmail })).Id;
}
