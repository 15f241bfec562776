using System.Text.Json.Nodes;
using Sidecar.Broker.Onboarding;
using Sidecar.Simulator;

namespace Sidecar.Tests.Onboarding.BulkTests;

/// <summary>Each row stands for itself.</summary>
public sealed class RowTests : IAsyncLifetime
{
    private Desk _desk = null!;

    public async ValueTask InitializeAsync() => _desk = await Desk.SetAsync();

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    private string Report => _desk.Stage.Folder.File("report.json");

    private int Versions(SimulatedUser user) => _desk.Simulator.Vault.Versions(Desk.SecretName(user.TechnicianEmail)).Count;

    private async Task<JsonArray> Reported() => JsonNode.Parse(await File.ReadAllTextAsync(Report, TestContext.Current.CancellationToken))!.AsArray();

    [Fact]
    public async Task A_bad_row_stops_nothing_and_is_told_by_its_line()
    {
        var users = _desk.AddUsers(5);
        var (stale, other) = (users[1].Credential.RefreshToken[..^4] + "0000", users[2]);
        _desk.KeepSecret(stale);
        var list = _desk.WriteList(
        [
            UserFile.Row(users[0]),
            UserFile.Row(users[1]).Replace(users[1].Credential.RefreshToken, stale, StringComparison.Ordinal),
            UserFile.Row(other, users[3].TechnicianEmail),
            $"{users[4].Credential.ClientSecret},{users[4].Credential.RefreshToken}",
            UserFile.Row(users[4]),
        ]);
        var ran = await _desk.RunAsync(_desk.Onboard(list, "--report", Report));
        ran.ExitCode.ShouldBe(1);
        ran.Output.ShouldContain("2 added, 3 failed");
        ran.Output.ShouldContain($"line 3, {users[1].TechnicianEmail}: Zoho refuses the credential");
        ran.Output.ShouldContain($"line 4, {users[3].TechnicianEmail}: Zoho says that it is {other.TechnicianEmail}'s");
        ran.Output.ShouldContain("line 5, no user: \"user\" is not an e-mail address");
        users.Select(Versions).ShouldBe([1, 0, 0, 0, 1]);

        var rows = await Reported();
        rows.Select(row => (string?)row!["outcome"]).ShouldBe(["added", "failed", "failed", "failed", "added"]);
        rows.Select(row => (int)row!["line"]!).ShouldBe([2, 3, 4, 5, 6]);
        ((string)rows[1]!["reason"]!).ShouldContain("revoked or was never valid");
        (File.GetUnixFileMode(Report) & UnixFileMode.OtherRead).ShouldBe(UnixFileMode.None);
        var report = await File.ReadAllTextAsync(Report, TestContext.Current.CancellationToken);
        foreach (var user in users) report.ShouldNotContain(user.Credential.ClientSecret);
        report.ShouldNotContain(stale);
    }

    [Fact]
    public async Task A_secret_that_the_operator_may_not_touch_fails_alone()
    {
        var users = _desk.AddUsers(3);
        const string Forbidden = """{"error":{"code":"Forbidden","message":"Caller is not authorized","innererror":{"code":"ForbiddenByRbac"}}}""";
        _desk.Simulator.Faults.Add(new Fault { Service = Service.Vault, Path = $"/secrets/{Desk.SecretName(users[1].TechnicianEmail)}", Kind = FaultKind.Status, Status = 403, Body = Forbidden });
        var ran = await _desk.RunAsync(_desk.Onboard(_desk.WriteList(users.Select(user => UserFile.Row(user)))));
        ran.ExitCode.ShouldBe(1);
        ran.Output.ShouldContain("2 added, 1 failed");
        ran.Output.ShouldContain($"line 3, {users[1].TechnicianEmail}: Your identity is not permitted");
    }

    [Fact]
    public async Task A_mismatch_is_accepted_where_the_operator_says_so()
    {
        var users = _desk.AddUsers(2);
        var list = _desk.WriteList([UserFile.Row(users[0], users[1].TechnicianEmail)]);
        (await _desk.RunAsync(_desk.Onboard(list))).ExitCode.ShouldBe(1);
        Versions(users[1]).ShouldBe(0);
        (await _desk.RunAsync(_desk.Onboard(list, "--allow-mismatch"))).ExitCode.ShouldBe(0);
        Versions(users[1]).ShouldBe(1);
    }

    [Fact]
    public async Task What_differs_is_replaced_and_what_was_never_tried_is_tried()
    {
        var users = _desk.AddUsers(3);
        var list = _desk.WriteList(users.Select(user => UserFile.Row(user)));
        var untried = await _desk.RunAsync(_desk.Onboard(list, "--no-verify"));
        untried.Output.ShouldContain("3 added");
        _desk.Simulator.Accounts.TokensMade.ShouldBe(0);
        _desk.Simulator.Vault.Versions(Desk.SecretName(users[0].TechnicianEmail))[0].Tags.ShouldNotContainKey("verified");

        var fresh = _desk.Simulator.AddUser(new UserWish { Email = users[2].TechnicianEmail });
        _desk.KeepSecret(fresh.Credential.ClientSecret, fresh.Credential.RefreshToken);
        _desk.Simulator.Vault.SetDeleted(Desk.SecretName(users[1].TechnicianEmail), true);
        var next = _desk.WriteList([UserFile.Row(users[0]), UserFile.Row(users[1]), UserFile.Row(fresh)]);
        (await _desk.RunAsync(_desk.Onboard(next, "--dry-run"))).Output.ShouldContain("--replace puts the list's in its place");
        var ran = await _desk.RunAsync(_desk.Onboard(next, "--replace"));
        ran.ExitCode.ShouldBe(0, ran.Output);
        ran.Output.ShouldContain("2 replaced, 1 updated");
        _desk.ShouldHaveEach(users.Take(2));
        Versions(fresh).ShouldBe(2, "the new credential succeeds the old one");
        _desk.Simulator.Accounts.RefreshTokens.Single(token => token.Value == users[2].Credential.RefreshToken).Revoked.ShouldBeTrue("whose grant has ended");
        _desk.Simulator.Accounts.TokensMade.ShouldBe(3);
    }

    [Fact]
    public async Task A_dry_run_says_what_would_be_done_and_does_none_of_it()
    {
        var users = _desk.AddUsers(3);
        _desk.Simulator.Vault.SetSecret(Desk.SecretName(users[0].TechnicianEmail), users[0].Credential.ToJson());
        var ran = await _desk.RunAsync(_desk.Onboard(_desk.WriteList([.. users.Select(user => UserFile.Row(user)), "nobody"]), "--dry-run"));
        ran.ExitCode.ShouldBe(1, "one row is bad");
        ran.Output.ShouldContain("4 rows would be: 2 added, 1 updated, 1 failed.");
        ran.Output.ShouldContain("Nothing was changed.");
        _desk.Simulator.Journal.Since().ShouldAllBe(entry => entry.Service == Service.Entra || (entry.Service == Service.Vault && entry.Method == "GET"));
        Directory.Exists(_desk.Overlays).ShouldBeFalse();
    }

    [Fact]
    public async Task A_rerun_keeps_what_the_overlay_has_beside_the_list()
    {
        var user = _desk.AddUsers(1)[0];
        var list = _desk.WriteList([UserFile.Row(user)]);
        await _desk.RunAsync(_desk.Onboard(list));
        var overlay = Path.Combine(_desk.Overlays, UserName.From(user.TechnicianEmail)!.Slug, "kustomization.yaml");
        var text = await File.ReadAllTextAsync(overlay, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(overlay, "# by hand\nresources: []\n", TestContext.Current.CancellationToken);
        var refused = await _desk.RunAsync(_desk.Onboard(list));
        refused.ExitCode.ShouldBe(1);
        refused.Output.ShouldContain("was not written by this program");
        File.Delete(overlay);
        (await _desk.RunAsync(_desk.Onboard(list))).Output.ShouldContain("1 updated");
        (await File.ReadAllTextAsync(overlay, TestContext.Current.CancellationToken)).ShouldBe(text);
        Versions(user).ShouldBe(1);
    }

    [Fact]
    public async Task Where_row_after_row_fails_for_the_same_reason_the_run_gives_up()
    {
        var users = _desk.AddUsers(60);
        _desk.Simulator.Accounts.Switches = _desk.Simulator.Accounts.Switches with { ThrottleLimit = 0 };
        var ran = await _desk.RunAsync(_desk.Onboard(_desk.WriteList(users.Select(user => UserFile.Row(user))), "--parallel", "4"));
        ran.ExitCode.ShouldBe(1);
        ran.Output.ShouldContain("Given up, because row after row failed for the same reason");
        _desk.Simulator.Journal.Since().Count(entry => entry.Path == "/oauth/v2/token").ShouldBeInRange(20, 40, "rows under way are finished, and a few may begin before all workers know");
        users.Sum(Versions).ShouldBe(0);
    }

    [Theory]
    [InlineData("--parallel", "0", "--parallel is not between 1 and 64")]
    [InlineData("--report", "/nowhere/report.csv", "cannot be written")]
    public async Task A_run_that_cannot_be_told_of_or_made_is_not_begun(string option, string value, string problem)
    {
        var ran = await _desk.RunAsync(_desk.Onboard(_desk.WriteList([UserFile.Row(_desk.AddUsers(1)[0])]), option, value));
        ran.ExitCode.ShouldBe(1);
        ran.Output.ShouldContain(problem);
        _desk.Simulator.Journal.Since().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_list_that_others_can_read_is_refused_and_a_user_beside_it_too()
    {
        var list = _desk.WriteList([UserFile.Row(_desk.AddUsers(1)[0])]);
        File.SetUnixFileMode(list, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        var ran = await _desk.RunAsync(_desk.Onboard(list));
        ran.ExitCode.ShouldBe(1);
        ran.Output.ShouldContain("chmod 600");
        ran.Output.ShouldContain("Nothing was changed.");
        (await _desk.RunAsync([.. _desk.Onboard(list), "anna@example.com"])).Output.ShouldContain("Give either USER or --from");
        (await _desk.RunAsync(["onboard"])).Output.ShouldContain("Whom?");
        (await _desk.RunAsync(["onboard", "anna@example.com", "--no-verify"])).Output.ShouldContain("--no-verify goes with --from");
        _desk.Simulator.Journal.Since().ShouldBeEmpty();
    }
}
