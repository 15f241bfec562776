using Sidecar.Simulator;

namespace Sidecar.Tests.Onboarding;

/// <summary>Whatever was interrupted, forgotten, done twice or done by hand: every grant is found again, and nobody's rights grow by it.</summary>
public sealed class LeftoverTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private Desk _desk = null!;
    private SimulatedClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _desk = await Desk.SetAsync();
        _client = _desk.AddClient(ClientKind.Self);
    }

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    private string Name => Desk.SecretName(_desk.User);

    private IEnumerable<bool> Revoked => _desk.Simulator.Accounts.RefreshTokens.Where(token => token.ClientId == _client.ClientId).Select(token => token.Revoked);

    [Fact]
    public async Task Offboarding_finds_the_grants_of_a_rotation_that_was_cut_off_also_when_Zoho_could_not_be_reached_at_first()
    {
        await OnboardAsync();
        await RotateAndDieAsync();
        _desk.Simulator.Faults.Add(new Fault { Service = Service.Accounts, Path = "revoke", Kind = FaultKind.Refuse });
        (await OffboardAsync()).ExitCode.ShouldBe(1);
        Revoked.ShouldBe([false, false]);
        _desk.Simulator.Faults.Clear();
        var ran = await OffboardAsync();
        ran.ExitCode.ShouldBe(0, ran.Output);
        Revoked.ShouldBe([true, true]);
    }

    [Fact]
    public async Task A_secret_that_somebody_deleted_by_hand_still_tells_which_grant_to_revoke()
    {
        await OnboardAsync();
        _desk.Simulator.Vault.SetDeleted(Name, true);
        var ran = await OffboardAsync();
        ran.ExitCode.ShouldBe(0, ran.Output);
        Revoked.ShouldBe([true]);
    }

    [Fact]
    public async Task Of_a_user_whom_the_vault_does_not_know_nothing_is_claimed()
    {
        var ran = await OffboardAsync();
        ran.ExitCode.ShouldBe(1);
        ran.Output.ShouldContain("nothing is known of a grant");
    }

    [Fact]
    public async Task Other_scopes_mean_another_grant_and_the_one_before_ends()
    {
        await OnboardAsync("--toolsets", "requests", "--read-only");
        var ran = await OnboardAsync("--read-only:false");
        ran.Output.ShouldContain("made for other scopes");
        Revoked.ShouldBe([true, false]);
        _desk.Simulator.Vault.Versions(Name)[^1].Tags["scopes"].ShouldContain("requests=CRU");
    }

    [Fact]
    public async Task What_a_rerun_leaves_out_stays_as_the_user_has_it()
    {
        await OnboardAsync("--toolsets", "requests", "--read-only");
        var before = await File.ReadAllTextAsync(Overlay, TestContext.Current.CancellationToken);
        var ran = await _desk.RunAsync(["onboard", _desk.User, "--users", _desk.Overlays]);
        ran.ExitCode.ShouldBe(0, ran.Output);
        ran.Output.ShouldContain("nothing was written");
        (await File.ReadAllTextAsync(Overlay, TestContext.Current.CancellationToken)).ShouldBe(before);
        _desk.Simulator.Vault.Versions(Name).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_version_that_cannot_be_read_is_not_taken_for_ended_and_the_next_run_finds_its_grant()
    {
        await OnboardAsync();
        // As a vault does that has not switched the version on yet.
        _desk.Simulator.Faults.Add(new Fault
        {
            Service = Service.Vault, Method = "GET", Path = $"^/secrets/{Name}/[0-9a-f]{{32}}$", Kind = FaultKind.Status, Status = 403,
            Body = """{"error":{"code":"Forbidden","message":"","innererror":{"code":"SecretDisabled"}}}""",
        });
        var blind = await OffboardAsync();
        blind.ExitCode.ShouldBe(1, blind.Output);
        blind.Output.ShouldContain("cannot be read");
        Revoked.ShouldBe([false]);
        _desk.Simulator.Vault.Versions(Name).ShouldHaveSingleItem().Tags.ShouldNotContainKey("ended");

        _desk.Simulator.Faults.Clear();
        var ran = await OffboardAsync();
        ran.ExitCode.ShouldBe(0, ran.Output);
        Revoked.ShouldBe([true]);
    }

    [Fact]
    public async Task A_version_that_is_not_understood_is_not_taken_for_ended()
    {
        _desk.Simulator.Vault.SetSecret(Name, "{}");
        var user = _desk.Simulator.AddUser();
        var ran = await _desk.RunAsync(["onboard", _desk.User, "--credential", "-", "--users", _desk.Overlays], user.Credential.ToJson());
        ran.ExitCode.ShouldBe(0, ran.Output);
        ran.Output.ShouldContain("no grant in it was revoked");
        _desk.Simulator.Vault.Versions(Name)[0].Tags.ShouldNotContainKey("ended");
    }

    [Fact]
    public async Task Offboarding_keeps_what_it_does_not_understand_and_says_that_a_grant_may_still_be_good()
    {
        _desk.Simulator.Vault.SetSecret(Name, """{"kind":"of another version"}""");
        var ran = await _desk.RunAsync(["offboard", _desk.User, "--yes", "--purge", "--users", _desk.Overlays]);
        ran.ExitCode.ShouldBe(1, ran.Output);
        ran.Output.ShouldContain("may still be good");
        _desk.Simulator.Vault.Versions(Name).ShouldHaveSingleItem().Enabled.ShouldBeFalse();
    }

    [Fact]
    public async Task A_rotation_over_one_that_was_cut_off_ends_what_both_replaced()
    {
        await OnboardAsync();
        await RotateAndDieAsync();
        _desk.Simulator.Accounts.RefreshTokens[^1].Revoked.ShouldBeFalse();
        (await _desk.RunAsync(["rotate", _desk.User, "--grace", "0"])).ExitCode.ShouldBe(0);
        var ran = await _desk.RunAsync(["rotate", _desk.User, "--grant", "SelfClient", "--grace", "0"], $"{_client.ClientSecret}\n{Code()}\n");
        ran.ExitCode.ShouldBe(0, ran.Output);
        Revoked.ShouldBe([true, true, false]);
    }

    [Fact]
    public async Task Someone_who_is_taken_out_while_a_rotation_waits_is_not_brought_back()
    {
        await OnboardAsync();
        await using var rotation = _desk.Start(["rotate", _desk.User, "--grant", "SelfClient", "--grace", "0"]);
        await rotation.WaitForOutputAsync(line => line.Contains("SDPOnDemand", StringComparison.Ordinal) ? line : null, Patience, TestContext.Current.CancellationToken);
        (await OffboardAsync()).ExitCode.ShouldBe(0);
        await rotation.Input.WriteAsync($"{_client.ClientSecret}\n{Code()}\n");
        rotation.Input.Close();
        (await rotation.WaitForExitAsync(Patience)).ShouldBe(1, rotation.Output);
        rotation.Output.ShouldContain("changed by somebody else");
        Revoked.ShouldBe([true, true]);
    }

    [Fact]
    public async Task A_grant_of_which_nobody_says_whose_it_is_is_not_stored()
    {
        var ran = await _desk.RunAsync(Command(), $"{_client.ClientSecret}\n{Code("AaaServer.profile.READ")}\n");
        ran.ExitCode.ShouldBe(1);
        ran.Output.ShouldContain("does not tell whose grant it is");
        Revoked.ShouldBe([true]);
    }

    [Fact]
    public async Task Someone_who_was_switched_off_is_let_in_only_if_that_is_wanted()
    {
        await OnboardAsync();
        _desk.Simulator.Vault.SetEnabled(Name, false);
        var refused = await _desk.RunAsync(Command(), $"{_client.ClientSecret}\n{Code()}\n");
        refused.ExitCode.ShouldBe(1);
        refused.Output.ShouldContain("switched off");
        (await OnboardAsync("--yes")).ExitCode.ShouldBe(0);
        Revoked.ShouldBe([true, false], "the one that was switched off has ended too");
    }

    [Fact]
    public async Task Tags_of_others_stay_as_long_as_there_is_room()
    {
        var user = _desk.Simulator.AddUser();
        _desk.Simulator.Vault.SetSecret(Name, "{}", tags: new Dictionary<string, string> { ["cost-centre"] = "4711" });
        string[] command = ["onboard", _desk.User, "--credential", "-", "--users", _desk.Overlays];
        (await _desk.RunAsync(command, user.Credential.ToJson())).ExitCode.ShouldBe(0);
        _desk.Simulator.Vault.Versions(Name)[^1].Tags["cost-centre"].ShouldBe("4711");

        _desk.Simulator.Vault.SetSecret(Name, "{}", tags: Enumerable.Range(0, 12).ToDictionary(i => $"theirs-{i}", i => $"{i}"));
        var full = await _desk.RunAsync(command, user.Credential.ToJson());
        full.ExitCode.ShouldBe(1);
        full.Output.ShouldContain("15 at most");
    }

    [Fact]
    public async Task The_address_of_the_clients_shim_goes_into_what_is_handed_out()
    {
        var ran = await OnboardAsync("--url", "https://sdp.example.com/mcp");
        ran.Output.ShouldContain("\"url\": \"https://sdp.example.com/mcp\"");
    }

    private string Overlay => Directory.GetFiles(_desk.Overlays, "kustomization.yaml", SearchOption.AllDirectories).Single();

    private string[] Command(params string[] options) =>
        ["onboard", _desk.User, .. _desk.Place, "--grant", "SelfClient", "--client-id", _client.ClientId, "--users", _desk.Overlays, .. options];

    private async Task<Ran> OnboardAsync(params string[] options)
    {
        var ran = await _desk.RunAsync(Command(options), $"{_client.ClientSecret}\n{Code()}\n");
        ran.ExitCode.ShouldBe(0, ran.Output);
        return ran;
    }

    private Task<Ran> OffboardAsync() => _desk.RunAsync(["offboard", _desk.User, "--yes", "--users", _desk.Overlays]);

    // Its new version is written, and the one before is still good.
    private async Task RotateAndDieAsync()
    {
        await using var command = _desk.Start(["rotate", _desk.User, "--grant", "SelfClient", "--grace", "600"]);
        await command.Input.WriteAsync($"{_client.ClientSecret}\n{Code()}\n");
        command.Input.Close();
        await command.WaitForOutputAsync(line => line.Contains("Leaving running brokers", StringComparison.Ordinal) ? line : null, Patience, TestContext.Current.CancellationToken);
        command.Kill();
        await command.WaitForExitAsync(Patience);
    }

    private string Code(string? without = null)
    {
        var code = _desk.Simulator.AddCode(_client.ClientId, new CodeWish { Scopes = [.. _desk.AllScopes.Where(scope => scope != without)], Email = _desk.User });
        _desk.KeepSecret(code);
        return code;
    }
}
