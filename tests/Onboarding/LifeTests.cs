using Grpc.Core;
using Sidecar.Contract.Sdp;
using Sidecar.Simulator;

namespace Sidecar.Tests.Onboarding;

/// <summary><c>broker rotate</c> and <c>broker offboard</c>, with a pair that runs on the credential meanwhile.</summary>
public sealed class LifeTests : IAsyncLifetime
{
    private Desk _desk = null!;
    private SimulatedClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _desk = await Desk.SetAsync();
        _client = _desk.AddClient(ClientKind.Self);
    }

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    private string Name => Desk.SecretName(_desk.User);

    private IEnumerable<IssuedRefreshToken> Grants => _desk.Simulator.Accounts.RefreshTokens.Where(token => token.ClientId == _client.ClientId);

    [Fact]
    public async Task A_rotation_is_read_by_a_running_broker_before_the_grant_before_ends()
    {
        // The calls are made as fast as they can be; how many that is, is the machine's business.
        _desk.Stage.Instance.Switches = _desk.Stage.Instance.Switches with { RateLimit = int.MaxValue };
        await OnboardAsync();
        var settings = _desk.PodSettings(_desk.User);
        settings["Credential__RefreshInterval"] = "00:00:01";
        var broker = await _desk.Stage.StartBrokerAsync(settings);
        using var stop = new CancellationTokenSource();
        var failed = 0;
        var calls = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    await broker.CallAsync<RequestPage>("ListRequests", new ListRequestsRequest { PageSize = 1 });
                }
                catch (RpcException)
                {
                    failed++;
                }
            }
        }, TestContext.Current.CancellationToken);

        var ran = await RotateAsync("--grace", "4");
        ran.ExitCode.ShouldBe(0, ran.Output);
        var version = (await broker.WhoAmIAsync()).CredentialVersion;
        await stop.CancelAsync();
        await calls;
        failed.ShouldBe(0);
        Grants.Select(grant => grant.Revoked).ShouldBe([true, false]);
        var versions = _desk.Simulator.Vault.Versions(Name);
        versions.Select(one => one.Enabled).ShouldBe([false, true]);
        version.ShouldBe(versions[1].Id);
        versions[1].Tags.Keys.ShouldNotContain("replaces");
    }

    [Fact]
    public async Task A_rotation_killed_while_it_waits_is_ended_by_the_next_one_which_asks_for_nothing()
    {
        await OnboardAsync();
        await using (var command = _desk.Start(["rotate", _desk.User, "--grant", "SelfClient", "--grace", "600"]))
        {
            await command.Input.WriteAsync($"{_client.ClientSecret}\n{Code()}\n");
            command.Input.Close();
            await command.WaitForOutputAsync(line => line.Contains("Leaving running brokers", StringComparison.Ordinal) ? line : null, TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
            command.Kill();
            await command.WaitForExitAsync(TimeSpan.FromSeconds(60));
        }

        Grants.Select(grant => grant.Revoked).ShouldBe([false, false]);
        var ran = await _desk.RunAsync(["rotate", _desk.User, "--grace", "0"]);
        ran.ExitCode.ShouldBe(0, ran.Output);
        Grants.Select(grant => grant.Revoked).ShouldBe([true, false]);
    }

    [Fact]
    public async Task After_offboarding_the_very_next_call_of_a_running_pair_fails_clearly()
    {
        // The calls are made as fast as they can be; how many that is, is the machine's business.
        _desk.Stage.Instance.Switches = _desk.Stage.Instance.Switches with { RateLimit = int.MaxValue };
        await OnboardAsync();
        var settings = _desk.PodSettings(_desk.User);
        settings["Credential__RefreshInterval"] = "00:00:01";
        var broker = await _desk.Stage.StartBrokerAsync(settings);
        var shim = await _desk.Stage.StartShimAsync(broker);
        await shim.DoAsync("list_requests", new { page_size = 1 });

        var ran = await _desk.RunAsync(["offboard", _desk.User, "--yes", "--users", _desk.Overlays]);
        ran.ExitCode.ShouldBe(0, ran.Output);
        ran.Output.ShouldContain("az identity delete");
        var told = await shim.FailAsync("list_requests", new { page_size = 1 });
        (told.Contains("revoked", StringComparison.Ordinal) || told.Contains("deleted", StringComparison.Ordinal) || told.Contains("disabled", StringComparison.Ordinal)).ShouldBeTrue(told);
        Grants.ShouldAllBe(grant => grant.Revoked && grant.LiveAccessTokens == 0);
        Directory.GetDirectories(_desk.Overlays).ShouldBeEmpty();

        var again = await _desk.RunAsync(["offboard", _desk.User, "--yes", "--users", _desk.Overlays]);
        again.ExitCode.ShouldBe(0, again.Output);
    }

    [Fact]
    public async Task Where_Zoho_cannot_be_reached_the_secret_is_switched_off_all_the_same_and_a_rerun_revokes()
    {
        await OnboardAsync();
        _desk.Simulator.Faults.Add(new Fault { Service = Service.Accounts, Path = "revoke", Kind = FaultKind.Refuse });
        var ran = await _desk.RunAsync(["offboard", _desk.User, "--yes", "--users", _desk.Overlays]);
        ran.ExitCode.ShouldBe(1);
        ran.Output.ShouldContain("may still be good");
        ran.Output.ShouldContain("was switched off");
        _desk.Simulator.Vault.Versions(Name).ShouldAllBe(version => !version.Enabled);
        Grants.ShouldHaveSingleItem().Revoked.ShouldBeFalse();

        _desk.Simulator.Faults.Clear();
        (await _desk.RunAsync(["offboard", _desk.User, "--yes", "--users", _desk.Overlays])).ExitCode.ShouldBe(0);
        Grants.ShouldHaveSingleItem().Revoked.ShouldBeTrue();
    }

    [Fact]
    public async Task Someone_who_has_left_and_whose_grant_is_gone_is_offboarded_too()
    {
        await OnboardAsync();
        _desk.Simulator.Accounts.RevokeAll();
        var ran = await _desk.RunAsync(["offboard", _desk.User, "--yes", "--purge", "--users", _desk.Overlays]);
        ran.ExitCode.ShouldBe(0, ran.Output);
        ran.Output.ShouldContain("does not know the grant any more");
        _desk.Simulator.Vault.Versions(Name).ShouldBeEmpty();
    }

    [Fact]
    public async Task Nobody_is_offboarded_without_a_yes()
    {
        await OnboardAsync();
        (await _desk.RunAsync(["offboard", _desk.User, "--users", _desk.Overlays])).ExitCode.ShouldBe(1);
        (await _desk.RunAsync(["offboard", _desk.User, "--dry-run", "--users", _desk.Overlays])).ExitCode.ShouldBe(0);
        Grants.ShouldHaveSingleItem().Revoked.ShouldBeFalse();
        Directory.GetDirectories(_desk.Overlays).ShouldNotBeEmpty();
    }

    private async Task OnboardAsync()
    {
        var ran = await _desk.RunAsync(
            ["onboard", _desk.User, .. _desk.Place, "--grant", "SelfClient", "--client-id", _client.ClientId, "--users", _desk.Overlays], $"{_client.ClientSecret}\n{Code()}\n");
        ran.ExitCode.ShouldBe(0, ran.Output);
    }

    private Task<Ran> RotateAsync(params string[] options) =>
        _desk.RunAsync(["rotate", _desk.User, "--grant", "SelfClient", .. options], $"{_client.ClientSecret}\n{Code()}\n");

    private string Code()
    {
        var code = _desk.Simulator.AddCode(_client.ClientId, new CodeWish { Scopes = _desk.AllScopes, Email = _desk.User });
        _desk.KeepSecret(code);
        return code;
    }
}
