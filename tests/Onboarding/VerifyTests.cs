using Sidecar.Broker.Onboarding;
using Sidecar.Simulator;
using Sidecar.Tests.Harness;

namespace Sidecar.Tests.Onboarding;

/// <summary><c>broker verify</c>: Zoho, the instance and the scopes.</summary>
public sealed class VerifyTests : IAsyncLifetime
{
    private const string Requests = "SDPOnDemand.requests.ALL", Setup = "SDPOnDemand.setup.READ", Users = "SDPOnDemand.users.READ";

    private Desk _desk = null!;

    public async ValueTask InitializeAsync() => _desk = await Desk.SetAsync();

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    public async Task A_user_who_is_well_is_told_so_and_noted_as_verified()
    {
        var user = _desk.Onboarded();
        var report = await _desk.VerifyAsync(user.TechnicianEmail);
        report.ShouldBeWell();
        report.User.ShouldBe(user.TechnicianEmail);
        string[] order = ["vault", "secret", "credential", "content_type", "tags", "data_centre", "token", "identity", "instance", "scope", "clock", "record"];
        report.Findings.Select(found => found.Check).Distinct().ShouldBe(order);
        report["identity"].Text.ShouldContain(user.TechnicianEmail);
        report.Findings.Where(found => found is { Check: "scope", Verdict: "good" }).Select(found => found.Text)
            .ShouldBe(["SDPOnDemand.requests.READ was granted.", "SDPOnDemand.setup.READ was granted.", "SDPOnDemand.users.READ was granted."]);
        _desk.Tags(user.TechnicianEmail).Verified.ShouldNotBeNull();
        _desk.Tags(user.TechnicianEmail).Portal.ShouldBe("itdesk", "the other tags stay");
        _desk.Stage.Changes().ShouldBeEmpty("nothing is written at the instance");
        _desk.Simulator.Vault.Versions(Desk.SecretName(user.TechnicianEmail)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Nothing_is_recorded_if_that_is_not_wanted()
    {
        var user = _desk.Onboarded();
        (await _desk.VerifyAsync(user.TechnicianEmail, "--no-record")).ShouldBeWell();
        _desk.Tags(user.TechnicianEmail).Verified.ShouldBeNull();
        _desk.Simulator.Journal.Since().ShouldNotContain(entry => entry.Service == Service.Vault && entry.Method != "GET");
    }

    [Fact]
    public async Task People_read_a_line_for_each_thing_and_its_remedy_below()
    {
        var user = _desk.Onboarded(scopes: [Requests, Setup, AccessWish.ProfileScope]);
        var ran = await _desk.RunAsync(["verify", user.TechnicianEmail]);
        ran.ExitCode.ShouldBe(1);
        var lines = ran.Output.Split('\n');
        lines.ShouldContain($"ok   Zoho says that it is {user.TechnicianEmail}'s.");
        var bad = Array.IndexOf(lines, "FAIL SDPOnDemand.users.READ is missing.");
        bad.ShouldBePositive(ran.Output);
        lines[bad + 1].ShouldStartWith("     Make a new grant");
        lines.ShouldContain("One thing is wrong.");
        _desk.Tags(user.TechnicianEmail).Verified.ShouldBeNull("something is wrong");
    }

    [Fact]
    public async Task Programs_read_json_alone_on_standard_output()
    {
        var user = _desk.Onboarded();
        var words = _desk.Stage.Folder.File("words");
        var ran = await _desk.Stage.RunAsync(
            "/bin/sh", ["-c", "exec \"$0\" \"$@\" 2>\"$WORDS\"", Stage.Programs.Broker, "verify", user.TechnicianEmail, "--json", .. _desk.VaultOptions],
            new Dictionary<string, string>(_desk.Settings) { ["WORDS"] = words });
        Report.Parse(ran.ExitCode, ran.Output, ran.Output).ShouldBeWell();
        (await File.ReadAllTextAsync(words, TestContext.Current.CancellationToken)).ShouldContain("ok   Zoho says");
    }

    [Fact]
    public async Task A_revoked_grant_is_found()
    {
        var user = _desk.Onboarded();
        _desk.Simulator.Accounts.RevokeAll();
        (await _desk.VerifyAsync(user.TechnicianEmail)).ShouldFail("token", "revoked", "broker onboard");
    }

    [Fact]
    public async Task A_wrong_client_secret_is_found()
    {
        var user = _desk.Onboarded(change: credential => credential with { ClientSecret = $"{credential.ClientSecret}x" });
        (await _desk.VerifyAsync(user.TechnicianEmail)).ShouldFail("token", "client secret is wrong", "broker onboard");
    }

    [Fact]
    public async Task A_client_of_another_data_centre_is_found()
    {
        var user = _desk.Onboarded(change: credential => credential with { ClientId = "1000.FAKEELSEWHERE" });
        (await _desk.VerifyAsync(user.TechnicianEmail)).ShouldFail("token", "another data centre", "data centre");
    }

    [Fact]
    public async Task A_pause_that_zoho_asks_for_says_nothing_about_the_credential()
    {
        var user = _desk.Onboarded();
        _desk.Simulator.Accounts.Switches = new AccountsSwitches { ThrottleLimit = 0 };
        (await _desk.VerifyAsync(user.TechnicianEmail)).ShouldFail("token", "asks for a pause", "Wait ten minutes");
    }

    [Theory]
    [InlineData(Service.Accounts, "token")]
    [InlineData(Service.Sdp, "instance")]
    public async Task A_certificate_that_is_not_believed_is_found_where_it_is(Service service, string check)
    {
        var user = _desk.Onboarded();
        _desk.Simulator.Faults.Add(new Fault { Service = service, Kind = FaultKind.ExpiredCertificate });
        (await _desk.VerifyAsync(user.TechnicianEmail)).ShouldFail(check, "certificate", "--ca-file");
    }

    [Theory]
    [InlineData(Service.Accounts, "token")]
    [InlineData(Service.Sdp, "instance")]
    public async Task A_connection_that_breaks_is_not_taken_for_a_bad_certificate(Service service, string check)
    {
        var user = _desk.Onboarded();
        _desk.Simulator.Faults.Add(new Fault { Service = service, Kind = FaultKind.Refuse });
        var report = await _desk.VerifyAsync(user.TechnicianEmail);
        report.ShouldFail(check, service == Service.Sdp ? "cannot be reached" : "does not answer", "network");
        report[check].Text.ShouldNotContain("certificate of");
    }

    [Fact]
    public async Task Another_persons_grant_is_found_and_can_be_accepted()
    {
        var other = (string)_desk.Stage.Instance.Records("technicians")[1]["email_id"]!;
        var user = _desk.Onboarded(change: credential => credential with { TechnicianEmail = other }, email: other);
        (await _desk.VerifyAsync(other)).ShouldFail("identity", $"Zoho says that it is {user.TechnicianEmail}'s, not {other}'s.", "--allow-mismatch");
        (await _desk.VerifyAsync(other, "--allow-mismatch")).ShouldBeWell();
    }

    [Fact]
    public async Task A_credential_that_names_another_person_is_found()
    {
        const string Other = "other@example.com";
        _desk.Onboarded(email: Other);
        var report = await _desk.VerifyAsync(Other);
        report.Bad.ShouldBe(["identity"]);
        report.Findings.ShouldContain(found => found.Verdict == "bad" && found.Text.EndsWith($"not {Other}'s.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_grant_that_does_not_tell_whose_it_is_is_a_note()
    {
        var user = _desk.Onboarded(scopes: [Requests, Setup, Users]);
        var report = await _desk.VerifyAsync(user.TechnicianEmail);
        report.ShouldBeWell();
        (report["identity"].Verdict, report["identity"].Remedy).ShouldBe(("note", $"For certainty, make a new grant: broker rotate {user.TechnicianEmail}."));
    }

    [Theory]
    [InlineData("nowhere")]
    [InlineData("hr")]
    public async Task A_wrong_portal_is_found(string portal)
    {
        var user = _desk.Onboarded(change: credential => credential with { Portal = portal });
        (await _desk.VerifyAsync(user.TechnicianEmail)).ShouldFail("instance", "an HTML page", "/app/");
    }

    [Theory]
    [InlineData(FaultKind.Html, 401, null, "page to sign in", "portal")]
    [InlineData(FaultKind.Status, 404, "{}", "no portal of the instance", "portal")]
    [InlineData(FaultKind.Status, 404, """{"response_status":{"status_code":4000,"messages":[{"status_code":4007,"message":"Invalid URL"}]}}""", "is not known there", "portal")]
    [InlineData(FaultKind.Body, 200, """{"hello":"world"}""", "does not answer as ServiceDesk Plus", "base_url")]
    [InlineData(FaultKind.Status, 403, "{}", "does not answer as ServiceDesk Plus", "base_url")]
    [InlineData(FaultKind.Status, 429, "", "too many", "Verify again in")]
    [InlineData(FaultKind.Status, 401, """{"response_status":{"status_code":4000,"messages":[{"status_code":4022}]}}""", "takes the credential nowhere", "data centre")]
    public async Task What_is_not_the_users_instance_is_told_apart(FaultKind kind, int status, string? body, string text, string remedy)
    {
        var user = _desk.Onboarded();
        _desk.Simulator.Faults.Add(new Fault { Service = Service.Sdp, Kind = kind, Status = status, Body = body });
        (await _desk.VerifyAsync(user.TechnicianEmail)).ShouldFail("instance", text, remedy);
    }

    [Theory]
    [InlineData(MissingScope.Unauthorized, "SDPOnDemand.setup.READ is missing.")]
    [InlineData(MissingScope.NotFound, "SDPOnDemand.setup.READ is missing, or the instance has none of /statuses, /priorities, /urgencies.")]
    [InlineData(MissingScope.Forbidden, "SDPOnDemand.setup.READ is missing, or the person may not read /statuses.")]
    public async Task A_missing_scope_is_found_however_the_instance_says_it(MissingScope how, string told)
    {
        _desk.Stage.Instance.Switches = _desk.Stage.Instance.Switches with { MissingScope = how };
        var user = _desk.Onboarded(scopes: [Requests, Users, AccessWish.ProfileScope]);
        var report = await _desk.VerifyAsync(user.TechnicianEmail);
        report.ShouldFail("scope", told, "broker rotate");
        report["instance"].Verdict.ShouldBe("good");
    }

    [Fact]
    public async Task A_first_read_that_is_refused_for_want_of_a_scope_is_no_wrong_instance()
    {
        var user = _desk.Onboarded(toolsets: "people");
        _desk.Simulator.Faults.Add(new Fault { Service = Service.Sdp, Path = "/requests$", Kind = FaultKind.Status, Status = 401, Body = """{"response_status":{"status_code":4000,"messages":[{"status_code":4002}]}}""" });
        (await _desk.VerifyAsync(user.TechnicianEmail)).ShouldBeWell();
        _desk.Simulator.Accounts.TokensMade.ShouldBe(1, "the token is good, and Zoho's ten are not spent on it");
    }

    [Fact]
    public async Task A_first_path_that_is_not_known_is_no_wrong_instance()
    {
        var user = _desk.Onboarded(toolsets: "people");
        _desk.Simulator.Faults.Add(new Fault { Service = Service.Sdp, Path = "/(requests|priorities)$", Kind = FaultKind.Status, Status = 404, Body = "{}" });
        (await _desk.VerifyAsync(user.TechnicianEmail)).ShouldBeWell();
    }

    [Fact]
    public async Task A_list_that_an_instance_does_not_have_is_no_missing_scope()
    {
        _desk.Stage.Instance.Switches = _desk.Stage.Instance.Switches with { StatusesPath = false, TechniciansPath = false };
        var user = _desk.Onboarded();
        var report = await _desk.VerifyAsync(user.TechnicianEmail);
        report.ShouldBeWell();
        report.Findings.Select(found => found.Text).ShouldContain("SDPOnDemand.setup.READ: /priorities can be read; /statuses is not known here.");
        report.Findings.Select(found => found.Text).ShouldContain("SDPOnDemand.users.READ: /requests/technician can be read; /technicians is not known here.");
    }

    [Fact]
    public async Task A_list_that_cannot_be_tried_now_is_neither_good_nor_bad()
    {
        var user = _desk.Onboarded();
        _desk.Simulator.Faults.Add(new Fault { Service = Service.Sdp, Path = "/statuses$", Kind = FaultKind.Status, Status = 429 });
        var report = await _desk.VerifyAsync(user.TechnicianEmail);
        report.ShouldBeWell();
        report.Findings.ShouldContain(new Found("scope", "note", "SDPOnDemand.setup.READ could not be tried: the instance takes no such calls for now.", "Verify again later."));
    }

    [Fact]
    public async Task Only_what_the_user_was_onboarded_for_is_read()
    {
        var user = _desk.Onboarded(scopes: [Users, Requests, AccessWish.ProfileScope], toolsets: "people");
        (await _desk.VerifyAsync(user.TechnicianEmail)).ShouldBeWell();
        _desk.Simulator.Journal.Since().Where(entry => entry.Service == Service.Sdp).Select(entry => entry.Path)
            .ShouldBe(["/app/itdesk/api/v3/requests", "/app/itdesk/api/v3/technicians"]);
    }

    [Theory]
    [InlineData(2, "2 hours ahead of")]
    [InlineData(80, "3 days ahead of")]
    public async Task A_clock_that_is_off_is_a_note(int hours, string told)
    {
        var user = _desk.Onboarded();
        _desk.Simulator.Clock.Advance(TimeSpan.FromHours(hours));
        var report = await _desk.VerifyAsync(user.TechnicianEmail);
        report.ShouldBeWell();
        (report["clock"].Verdict, report["clock"].Text.Contains(told, StringComparison.Ordinal), report["clock"].Remedy).ShouldBe(("note", true, "Set the clock of whichever is wrong."), report["clock"].Text);
    }

    [Fact]
    public async Task The_help_tells_what_is_looked_at_and_how_it_ends()
    {
        var ran = await _desk.Stage.RunAsync(Stage.Programs.Broker, ["verify", "--help"], _desk.Settings);
        ran.ExitCode.ShouldBe(0);
        foreach (var word in new[] { "Exit code 0", "--allow-mismatch", "--no-record", "--json", "--ca-file" }) ran.Output.ShouldContain(word);
    }
}
