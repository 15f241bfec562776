using Grpc.Core;
using Sidecar.Contract;
using Sidecar.Contract.Sdp;
using Sidecar.Simulator;
using Sidecar.Tests.Harness;

namespace Sidecar.Tests.EndToEnd;

/// <summary>The credential from its source to the token, and what happens when either is not there.</summary>
public sealed class CredentialTests : IAsyncLifetime
{
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(60);

    private Stage _stage = null!;
    private SimulatedUser _user = null!;

    public async ValueTask InitializeAsync()
    {
        _stage = await Stage.SetAsync();
        _user = _stage.Simulator.AddUser();
    }

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task A_broker_that_starts_with_the_vault_down_stays_up_says_why_and_recovers()
    {
        _stage.Simulator.Faults.Add(new Fault { Service = Service.Vault, Kind = FaultKind.Status, Status = 403, Body = """{"error":{"code":"Forbidden","message":"no"}}""" });
        var broker = await _stage.StartBrokerAsync(_stage.VaultSettings(_user, "sdp-down"), ready: false);
        var identity = await UntilAsync(broker, identity => identity.Problem.Contains("may not read", StringComparison.Ordinal));
        identity.Ready.ShouldBeFalse();
        (await HealthAsync(broker)).ShouldBe((1, true));
        var (code, message, info) = await broker.FailAsync("ListRequests", new ListRequestsRequest());
        code.ShouldBe(StatusCode.FailedPrecondition);
        message.ShouldContain("may not read secret sdp-down");
        info.Metadata[FailureInfo.Changed].ShouldBe("nothing");

        _stage.Simulator.Faults.Clear();
        await broker.WaitUntilReadyAsync(Recovery);
        (await HealthAsync(broker)).ShouldBe((0, false));
        (await broker.CallAsync<RequestPage>("ListRequests", new ListRequestsRequest())).Requests.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_broker_that_starts_with_Zoho_down_stays_up_says_why_and_recovers()
    {
        _stage.Simulator.Faults.Add(new Fault { Service = Service.Accounts, Kind = FaultKind.Refuse });
        var broker = await _stage.StartBrokerAsync(_stage.FileSettings(_user), ready: false);
        (await UntilAsync(broker, identity => identity.TokenState == TokenState.Unreachable)).Problem.ShouldContain("does not answer");
        _stage.Simulator.Faults.Clear();
        await broker.WaitUntilReadyAsync(Recovery);
    }

    [Theory]
    [InlineData("not json at all", "not JSON")]
    [InlineData("{}", "client_secret")]
    [InlineData("""{"kind":"cloud","client_id":"a","client_secret":"hush-hush","refresh_token":"b","accounts_url":"http://x","base_url":"y","portal":"p","technician_email":"z","token":"t"}""", "accounts_url")]
    public async Task A_malformed_credential_is_told_with_everything_wrong_and_nothing_of_its_content(string json, string named)
    {
        _stage.Simulator.Vault.SetSecret("sdp-bad", json);
        var settings = _stage.VaultSettings(_user, "sdp-unused");
        settings["Credential__SecretName"] = "sdp-bad";
        var broker = await _stage.StartBrokerAsync(settings, ready: false);
        var identity = await UntilAsync(broker, identity => identity.Problem.Contains("is not a credential", StringComparison.Ordinal));
        identity.Problem.ShouldContain(named);
        _stage.Output.ShouldNotContain("hush-hush");
    }

    [Fact]
    public async Task A_refused_credential_is_final_and_Zoho_is_not_asked_again()
    {
        var broker = await _stage.StartBrokerAsync(_stage.FileSettings(_stage.Simulator.AddUser() with
        {
            Credential = _user.Credential with { RefreshToken = "1000.FAKE-unknown" },
        }), ready: false);
        await UntilAsync(broker, identity => identity.TokenState == TokenState.Refused);
        var asked = AccountsCalls();
        for (var i = 0; i < 5; i++)
        {
            var (code, message, _) = await broker.FailAsync("ListRequests", new ListRequestsRequest());
            code.ShouldBe(StatusCode.Unauthenticated);
            message.ShouldContain("refuses the credential");
        }

        AccountsCalls().ShouldBe(asked);
    }

    [Fact]
    public async Task A_rotated_file_is_taken_up_without_a_restart()
    {
        var other = _stage.Simulator.AddUser(new UserWish { Email = _stage.Instance.TechnicianEmails[3] });
        var settings = _stage.FileSettings(_user);
        settings["Credential__RefreshInterval"] = "00:00:01";
        var broker = await _stage.StartBrokerAsync(settings);
        var version = (await broker.WhoAmIAsync()).CredentialVersion;

        var path = settings["Credential__Path"];
        await File.WriteAllTextAsync(path + ".new", other.Credential.ToJson(), TestContext.Current.CancellationToken);
        File.Move(path + ".new", path, overwrite: true);
        var identity = await UntilAsync(broker, identity => identity.CredentialVersion != version && identity.Ready);
        identity.TechnicianEmail.ShouldBe(other.TechnicianEmail);
        (await broker.CallAsync<Request>("CreateRequest", new CreateRequestRequest { Subject = "As the other" })).Requester.Email.ShouldBe(other.TechnicianEmail);
    }

    [Fact]
    public async Task A_call_that_dies_of_a_rotation_reads_the_vault_at_once_and_succeeds()
    {
        var broker = await _stage.StartBrokerAsync(_stage.VaultSettings(_user, "sdp-rotated"));
        var version = (await broker.WhoAmIAsync()).CredentialVersion;
        _stage.Simulator.Accounts.RevokeAll();
        _stage.Simulator.Vault.SetSecret("sdp-rotated", _stage.Simulator.AddUser(new UserWish { Email = _user.TechnicianEmail }).Credential.ToJson());

        // The interval of five minutes began seconds ago: only the failing call can have made the broker look.
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => broker.CallAsync<RequestPage>("ListRequests", new ListRequestsRequest())));
        (await broker.WhoAmIAsync()).CredentialVersion.ShouldNotBe(version);
    }

    [Fact]
    public async Task A_rotation_while_calls_run_fails_none_of_them()
    {
        _stage.Instance.Switches = new InstanceSwitches { RateLimit = int.MaxValue };
        var broker = await _stage.StartBrokerAsync(Hurried(_stage.VaultSettings(_user, "sdp-busy")));
        var version = (await broker.WhoAmIAsync()).CredentialVersion;
        // The new one's first token is long in coming: calls wait for it, and then the old one has to do.
        _stage.Simulator.Faults.Add(new Fault { Service = Service.Accounts, Kind = FaultKind.Delay, DelayMs = 7000 });
        using var end = new CancellationTokenSource();
        var calls = Task.Run(async () =>
        {
            var made = 0;
            for (; !end.IsCancellationRequested; made++) await broker.CallAsync<RequestPage>("ListRequests", new ListRequestsRequest { PageSize = 1 }, TimeSpan.FromSeconds(20));
            return made;
        });
        _stage.Simulator.Vault.SetSecret("sdp-busy", _stage.Simulator.AddUser(new UserWish { Email = _user.TechnicianEmail }).Credential.ToJson());
        var waiting = await UntilAsync(broker, identity => identity.CredentialVersion != version);
        waiting.Ready.ShouldBeTrue("the old token still works");
        await UntilAsync(broker, _ => _stage.Simulator.Journal.Since().Last(entry => entry.Service == Service.Accounts).Status == 200 && AccountsCalls() > 1);
        await end.CancelAsync();
        (await calls).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_vault_that_goes_away_after_the_first_reading_leaves_the_broker_ready_and_is_told_with_the_age()
    {
        var broker = await _stage.StartBrokerAsync(Hurried(_stage.VaultSettings(_user, "sdp-away")));
        _stage.Simulator.Faults.Add(new Fault { Service = Service.Vault, Kind = FaultKind.Refuse });
        var identity = await UntilAsync(broker, identity => identity.CredentialState == CredentialState.Stale);
        identity.Ready.ShouldBeTrue();
        identity.Problem.ShouldContain("does not answer");
        identity.Problem.ShouldContain("The credential that was read");
        identity.CredentialReadTime.ShouldNotBeNull();
        var (exitCode, output) = await _stage.RunAsync(Stage.Programs.Broker, ["health"], new() { ["Broker__Listen"] = broker.Address });
        exitCode.ShouldBe(0);
        output.ShouldContain("warning: Key Vault");
        output.ShouldContain("credential: stale, last read");
        (await broker.CallAsync<RequestPage>("ListRequests", new ListRequestsRequest())).Requests.ShouldNotBeEmpty();
        await UntilAsync(broker, _ => broker.Process.Output.Contains("Credential not read again", StringComparison.Ordinal));

        _stage.Simulator.Faults.Clear();
        (await UntilAsync(broker, identity => identity.CredentialState == CredentialState.Ok)).Problem.ShouldBeEmpty();
        broker.Process.Output.Split('\n').Count(line => line.Contains("Credential not read again", StringComparison.Ordinal))
            .ShouldBe(1, "it is logged once, not at every reading");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_user_whose_secret_is_disabled_or_deleted_is_out_and_back_when_it_is_given_back(bool disabled)
    {
        var broker = await _stage.StartBrokerAsync(Hurried(_stage.VaultSettings(_user, "sdp-leaver")));
        var (state, word) = disabled ? (CredentialState.Disabled, "disabled") : (CredentialState.Deleted, "deleted");
        Switch(off: true);
        var identity = await UntilAsync(broker, identity => identity.CredentialState == state);
        identity.Ready.ShouldBeFalse();
        identity.Problem.ShouldContain("sdp-leaver");
        var (code, _, info) = await broker.FailAsync("ListRequests", new ListRequestsRequest());
        (code, info.Reason, info.Metadata[FailureInfo.Changed]).ShouldBe((StatusCode.Unauthenticated, $"CREDENTIAL_{word.ToUpperInvariant()}", "nothing"));
        var (exitCode, output) = await _stage.RunAsync(Stage.Programs.Broker, ["health"], new() { ["Broker__Listen"] = broker.Address });
        exitCode.ShouldBe(1);
        output.ShouldContain("not ready: ");
        output.ShouldContain($"credential: {word}, last read");

        Switch(off: false);
        await broker.WaitUntilReadyAsync(Recovery);
        await broker.CallAsync<RequestPage>("ListRequests", new ListRequestsRequest());

        void Switch(bool off)
        {
            if (disabled) _stage.Simulator.Vault.SetEnabled("sdp-leaver", !off);
            else _stage.Simulator.Vault.SetDeleted("sdp-leaver", off);
        }
    }

    [Theory]
    [InlineData("""{"kind":"password"}""", CredentialState.WrongKind)]
    [InlineData("{", CredentialState.Malformed)]
    [InlineData(null, CredentialState.TooLarge)]
    public async Task A_bad_new_version_leaves_the_good_one_serving_and_is_told(string? value, CredentialState state)
    {
        var broker = await _stage.StartBrokerAsync(Hurried(_stage.VaultSettings(_user, "sdp-spoilt")));
        var version = (await broker.WhoAmIAsync()).CredentialVersion;
        _stage.Simulator.Vault.SetSecret("sdp-spoilt", value ?? new string('x', 26_000));
        var identity = await UntilAsync(broker, identity => identity.CredentialState == state);
        (identity.Ready, identity.CredentialVersion).ShouldBe((true, version));
        identity.Problem.ShouldContain("stays in use");
        await broker.CallAsync<RequestPage>("ListRequests", new ListRequestsRequest());
    }

    [Fact]
    public async Task A_vault_that_throttles_at_start_is_asked_again_no_earlier_than_it_allows()
    {
        _stage.Simulator.Vault.Switches = new VaultSwitches { CallLimit = 0, LimitSeconds = 3 };
        var broker = await _stage.StartBrokerAsync(_stage.VaultSettings(_user, "sdp-herd"), ready: false);
        await UntilAsync(broker, identity => identity.CredentialState == CredentialState.Throttled);
        var (code, _, info) = await broker.FailAsync("ListRequests", new ListRequestsRequest());
        (code, info.Reason).ShouldBe((StatusCode.Unavailable, "CREDENTIAL_THROTTLED"));
        await UntilAsync(broker, _ => VaultCalls().Count > 1);
        _stage.Simulator.Vault.Switches = new VaultSwitches();
        await broker.WaitUntilReadyAsync(Recovery);
        var calls = VaultCalls();
        foreach (var (refused, next) in calls.Zip(calls.Skip(1)).Where(pair => pair.First.Status == 429))
            (next.Time - refused.Time).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task A_secret_volume_that_kubelet_replaces_is_followed_and_one_that_others_can_read_is_warned_of()
    {
        var other = _stage.Simulator.AddUser(new UserWish { Email = _stage.Instance.TechnicianEmails[3] });
        var settings = _stage.FileSettings(_user);
        var volume = Directory.CreateDirectory(_stage.Folder.File("volume")).FullName;
        Fill("..1", _user);
        Fill("..2", other);
        File.CreateSymbolicLink(Path.Combine(volume, "..data"), "..1");
        settings["Credential__Path"] = File.CreateSymbolicLink(Path.Combine(volume, "credential.json"), "..data/credential.json").FullName;
        var broker = await _stage.StartBrokerAsync(settings);
        await UntilAsync(broker, _ => broker.Process.Output.Contains("Every user of this machine can reach the credential file", StringComparison.Ordinal));

        File.CreateSymbolicLink(Path.Combine(volume, "..data_tmp"), "..2");
        (await _stage.RunAsync("mv", ["-T", Path.Combine(volume, "..data_tmp"), Path.Combine(volume, "..data")], [])).ExitCode.ShouldBe(0);
        Directory.Delete(Path.Combine(volume, "..1"), recursive: true);
        (await UntilAsync(broker, identity => identity.TechnicianEmail == other.TechnicianEmail && identity.Ready)).CredentialState.ShouldBe(CredentialState.Ok);

        File.Delete(Path.Combine(volume, "..data"));
        await UntilAsync(broker, identity => identity.CredentialState == CredentialState.Deleted);
        (await broker.FailAsync("ListRequests", new ListRequestsRequest())).Info.Reason.ShouldBe("CREDENTIAL_DELETED");

        void Fill(string name, SimulatedUser user)
        {
            var file = Path.Combine(Directory.CreateDirectory(Path.Combine(volume, name)).FullName, "credential.json");
            File.WriteAllText(file, user.Credential.ToJson());
            // What a volume has unless told otherwise.
            File.SetUnixFileMode(file, (UnixFileMode)0b110_100_100);
        }
    }

    [Fact]
    public async Task Fifty_callers_at_once_cost_one_token()
    {
        var broker = await _stage.StartBrokerAsync(_stage.FileSettings(_user));
        _stage.Simulator.Accounts.ExpireAccessTokens();
        var before = _stage.Simulator.Accounts.TokensMade;
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => broker.CallAsync<RequestPage>("ListRequests", new ListRequestsRequest())));
        (_stage.Simulator.Accounts.TokensMade - before).ShouldBe(1);
    }

    [Theory]
    [InlineData(ExpiredToken.Json)]
    [InlineData(ExpiredToken.Empty)]
    [InlineData(ExpiredToken.LoginPage)]
    public async Task A_token_that_dies_early_is_renewed_once_and_the_write_is_made_once(ExpiredToken answer)
    {
        _stage.Instance.Switches = new InstanceSwitches { ExpiredToken = answer };
        var broker = await _stage.StartBrokerAsync(_stage.FileSettings(_user));
        _stage.Simulator.Accounts.ExpireAccessTokens();
        await broker.CallAsync<Request>("CreateRequest", new CreateRequestRequest { Subject = "After the token died" });
        _stage.Instance.Records("requests").Count(record => (string?)record["subject"] == "After the token died").ShouldBe(1);
    }

    [Theory]
    [InlineData(400, false)]
    [InlineData(200, false)]
    [InlineData(200, true)]
    public async Task A_throttled_token_endpoint_is_left_alone(int status, bool localised)
    {
        _stage.Simulator.Accounts.Switches = new AccountsSwitches { ThrottleLimit = 0, ThrottleStatus = status, ThrottleLocalised = localised };
        var broker = await _stage.StartBrokerAsync(_stage.FileSettings(_user), ready: false);
        await UntilAsync(broker, identity => identity.TokenState == TokenState.CoolingDown);
        var asked = AccountsCalls();
        await Task.Delay(TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);
        var (code, _, info) = await broker.FailAsync("ListRequests", new ListRequestsRequest());
        code.ShouldBe(StatusCode.ResourceExhausted);
        int.Parse(info.Metadata[FailureInfo.RetryAfter], System.Globalization.CultureInfo.InvariantCulture).ShouldBeInRange(500, 600);
        AccountsCalls().ShouldBe(asked);
    }

    [Fact]
    public async Task The_secret_goes_to_Zoho_in_the_body_never_in_the_URL()
    {
        await _stage.StartBrokerAsync(_stage.FileSettings(_user));
        var call = _stage.Simulator.Journal.Since().First(entry => entry.Service == Service.Accounts);
        call.Query.ShouldBeEmpty();
        call.Form.Keys.ShouldContain("client_secret");
    }

    [Fact]
    public async Task Vault_and_identity_are_asked_by_their_own_protocol()
    {
        await _stage.StartBrokerAsync(_stage.VaultSettings(_user, "sdp-protocol"));
        var calls = _stage.Simulator.Journal.Since();
        var vault = calls.Where(entry => entry.Service == Service.Vault).ToList();
        vault[0].Status.ShouldBe(401);
        vault[^1].Status.ShouldBe(200);
        calls.ShouldContain(entry => entry.Service == Service.Entra && entry.Path.EndsWith("/oauth2/v2.0/token", StringComparison.Ordinal));
    }

    private static Dictionary<string, string> Hurried(Dictionary<string, string> settings)
    {
        settings["Credential__RefreshInterval"] = "00:00:01";
        return settings;
    }

    private List<JournalEntry> VaultCalls() => [.. _stage.Simulator.Journal.Since().Where(entry => entry.Service == Service.Vault)];

    private int AccountsCalls() => _stage.Simulator.Journal.Since().Count(entry => entry.Service == Service.Accounts);

    private async Task<(int ExitCode, bool SaysNotReady)> HealthAsync(RunningBroker broker)
    {
        var (exitCode, output) = await _stage.RunAsync(Stage.Programs.Broker, ["health"], new() { ["Broker__Listen"] = broker.Address });
        return (exitCode, output.Contains("not ready", StringComparison.Ordinal));
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
