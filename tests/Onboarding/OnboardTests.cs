using Sidecar.Contract;
using Sidecar.Simulator;

namespace Sidecar.Tests.Onboarding;

/// <summary><c>broker onboard</c>: from an empty vault to a pair that acts for the person.</summary>
public sealed class OnboardTests : IAsyncLifetime
{
    private const string Requests = "SDPOnDemand.requests.READ";

    private Desk _desk = null!;

    public async ValueTask InitializeAsync() => _desk = await Desk.SetAsync();

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    private string Name => Desk.SecretName(_desk.User);

    [Fact]
    public async Task Everything_that_is_wrong_with_the_command_line_is_told_at_once()
    {
        var ran = await _desk.RunAsync(["onboard", _desk.User, "--dc", "mars", "--kind", "tape", "--portal", "a/b", "--azure-client-id", "me"]);
        ran.ExitCode.ShouldBe(1);
        foreach (var option in new[] { "--dc", "--kind", "--portal", "--azure-client-id" }) ran.Output.ShouldContain($"{option} is n", customMessage: ran.Output);
        ran.Output.ShouldContain("Nothing was changed.");
    }

    [Fact]
    public async Task A_credential_at_hand_becomes_a_secret_that_a_pair_serves_its_owner_with()
    {
        var user = _desk.Simulator.AddUser();
        _desk.KeepSecret(user.Credential.ClientSecret);
        var ran = await _desk.RunAsync(["onboard", _desk.User, "--credential", "-", "--users", _desk.Overlays], user.Credential.ToJson());
        ran.ExitCode.ShouldBe(0, ran.Output);

        var version = _desk.Simulator.Vault.Versions(Name).ShouldHaveSingleItem();
        version.ContentType.ShouldBe(SimulatedCredential.ContentType);
        version.Tags["user"].ShouldBe(_desk.User);
        version.Tags["portal"].ShouldBe("itdesk");
        version.Tags["scopes"].ShouldContain("requests=CRU");
        version.Tags.Keys.ShouldContain("verified");
        Directory.GetFiles(_desk.Overlays, "kustomization.yaml", SearchOption.AllDirectories).ShouldHaveSingleItem();

        var broker = await _desk.Stage.StartBrokerAsync(_desk.PodSettings(_desk.User));
        var shim = await _desk.Stage.StartShimAsync(broker);
        (await shim.DoAsync("whoami")).GetProperty("technician_email").GetString().ShouldBe(_desk.User);
    }

    [Fact]
    public async Task Run_again_it_says_what_is_there_and_writes_nothing()
    {
        var user = _desk.Simulator.AddUser();
        string[] command = ["onboard", _desk.User, "--credential", "-", "--users", _desk.Overlays];
        (await _desk.RunAsync(command, user.Credential.ToJson())).ExitCode.ShouldBe(0);
        var since = _desk.Simulator.Journal.LastSeq;
        var again = await _desk.RunAsync(command, user.Credential.ToJson());
        again.ExitCode.ShouldBe(0, again.Output);
        again.Output.ShouldContain("nothing was written");
        _desk.Simulator.Vault.Versions(Name).Count.ShouldBe(1);
        _desk.Simulator.Journal.Since(since).ShouldNotContain(entry => entry.Service == Service.Vault && entry.Changed != null);
    }

    [Fact]
    public async Task A_code_of_the_console_is_enough_and_is_asked_for_without_an_echo()
    {
        var client = _desk.AddClient(ClientKind.Self);
        var dry = await _desk.RunAsync(["onboard", _desk.User, .. _desk.Place, "--toolsets", "requests", "--read-only", "--dry-run", "--users", _desk.Overlays]);
        var scopes = dry.Output.Split('\n').First(line => line.Contains("SDPOnDemand", StringComparison.Ordinal)).Trim();
        scopes.ShouldBe($"{Requests},AaaServer.profile.READ");
        var code = _desk.Simulator.AddCode(client.ClientId, new CodeWish { Scopes = scopes.Split(','), Email = _desk.User });
        _desk.KeepSecret(code);

        var ran = await _desk.RunAsync(
            ["onboard", _desk.User, .. _desk.Place, "--toolsets", "requests", "--read-only", "--grant", "SelfClient", "--client-id", client.ClientId, "--users", _desk.Overlays],
            $"{client.ClientSecret}\n{code}\n");
        ran.ExitCode.ShouldBe(0, ran.Output);
        ran.Output.ShouldContain($"Zoho says that it is {_desk.User}'s");
        _desk.Simulator.Accounts.RefreshTokens.Where(token => token.ClientId == client.ClientId).ShouldHaveSingleItem().Revoked.ShouldBeFalse();
        var tags = _desk.Simulator.Vault.Versions(Name).ShouldHaveSingleItem().Tags;
        (tags["access"], tags["toolsets"]).ShouldBe(("read", "requests"));
    }

    [Fact]
    public async Task A_dry_run_touches_nothing()
    {
        var since = _desk.Simulator.Journal.LastSeq;
        var ran = await _desk.RunAsync(["onboard", _desk.User, .. _desk.Place, "--dry-run", "--users", _desk.Overlays]);
        ran.ExitCode.ShouldBe(0, ran.Output);
        ran.Output.ShouldContain("Nothing was changed.");
        var calls = _desk.Simulator.Journal.Since(since);
        calls.ShouldNotContain(entry => entry.Service == Service.Accounts || entry.Service == Service.Sdp);
        calls.ShouldNotContain(entry => entry.Service == Service.Vault && entry.Changed != null);
        Directory.Exists(_desk.Overlays).ShouldBeFalse();
    }

    [Fact]
    public async Task Another_persons_grant_is_revoked_and_not_stored()
    {
        var client = _desk.AddClient(ClientKind.Self);
        var other = _desk.Stage.Instance.TechnicianEmails[1];
        var code = _desk.Simulator.AddCode(client.ClientId, new CodeWish { Scopes = [Requests, "AaaServer.profile.READ"], Email = other });
        var ran = await _desk.RunAsync(
            ["onboard", _desk.User, .. _desk.Place, "--toolsets", "requests", "--read-only", "--grant", "SelfClient", "--client-id", client.ClientId, "--users", _desk.Overlays],
            $"{client.ClientSecret}\n{code}\n");
        ran.ExitCode.ShouldBe(1);
        ran.Output.ShouldContain($"Zoho says that it is {other}'s, not {_desk.User}'s");
        ran.Output.ShouldContain("was revoked again");
        _desk.Simulator.Accounts.RefreshTokens.Where(token => token.ClientId == client.ClientId).ShouldHaveSingleItem().Revoked.ShouldBeTrue();
        _desk.Simulator.Vault.Versions(Name).ShouldBeEmpty();
        Directory.Exists(_desk.Overlays).ShouldBeFalse();
    }

    [Fact]
    public async Task A_deleted_name_is_recovered()
    {
        _desk.Simulator.Vault.SetSecret(Name, "gone");
        _desk.Simulator.Vault.SetDeleted(Name, true);
        _desk.Simulator.Vault.Switches = new VaultSwitches { RecoverMilliseconds = 1500 };
        var user = _desk.Simulator.AddUser();
        var ran = await _desk.RunAsync(["onboard", _desk.User, "--credential", "-", "--users", _desk.Overlays], user.Credential.ToJson());
        ran.ExitCode.ShouldBe(0, ran.Output);
        _desk.Simulator.Vault.Versions(Name).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_technician_key_for_an_instance_on_premises_is_asked_for()
    {
        var user = _desk.Simulator.AddOnPremUser();
        _desk.KeepSecret(user.Credential.TechnicianKey);
        var ran = await _desk.RunAsync(
            ["onboard", user.TechnicianEmail, "--kind", "on-prem", "--base-url", user.Credential.BaseUrl, "--portal", user.Credential.Portal!, "--users", _desk.Overlays], $"{user.Credential.TechnicianKey}\n");
        ran.ExitCode.ShouldBe(0, ran.Output);
        var broker = await _desk.Stage.StartBrokerAsync(_desk.PodSettings(user.TechnicianEmail));
        var me = await broker.WhoAmIAsync();
        (me.TechnicianEmail, me.CredentialKind, me.CredentialState).ShouldBe((user.TechnicianEmail, "on_prem", CredentialState.Ok));
    }

    [Fact]
    public async Task A_credential_for_another_place_is_replaced_only_if_that_is_wanted()
    {
        var (here, there) = (_desk.Simulator.AddUser(), _desk.Simulator.AddUser(new UserWish { Portal = "hr" }));
        string[] command = ["onboard", _desk.User, "--credential", "-", "--users", _desk.Overlays, "--allow-mismatch"];
        (await _desk.RunAsync(command, here.Credential.ToJson())).ExitCode.ShouldBe(0);
        var refused = await _desk.RunAsync(command, there.Credential.ToJson());
        refused.ExitCode.ShouldBe(1);
        refused.Output.ShouldContain("was not stored");
        _desk.Simulator.Vault.Versions(Name).Count.ShouldBe(1);
        (await _desk.RunAsync([.. command, "--yes"], there.Credential.ToJson())).ExitCode.ShouldBe(0);
        _desk.Simulator.Vault.Versions(Name).Count.ShouldBe(2);
    }
}
