using Sidecar.Simulator;
using Sidecar.Tests.Containers.Harness;
using Sidecar.Tests.Harness;

namespace Sidecar.Tests.Containers;

/// <summary>A pair's containers while they live, and when they end.</summary>
public sealed class LifeTests
{
    [Fact]
    public async Task The_health_check_is_the_binarys_own_and_tells_a_program_that_hangs()
    {
        await using var stage = await ContainerStage.SetAsync();
        var pair = await ContainerPair.StartAsync(stage, stage.Simulator.AddUser());
        foreach (var container in new[] { pair.Shim, pair.Broker })
        {
            (await Podman.TryAsync("healthcheck", "run", container.Name)).ExitCode.ShouldBe(0, container.Name);
            await container.KillAsync("STOP");
            (await Podman.TryAsync("healthcheck", "run", container.Name)).ExitCode.ShouldNotBe(0, container.Name);
            await container.KillAsync("CONT");
        }
    }

    [Fact]
    public async Task A_container_runs_as_its_own_user_with_no_capability_and_may_gain_none()
    {
        await using var stage = await ContainerStage.SetAsync();
        var pair = await ContainerPair.StartAsync(stage, stage.Simulator.AddUser());
        foreach (var (container, uid) in new[] { (pair.Broker, ContainerStage.BrokerUid), (pair.Shim, ContainerStage.ShimUid) })
        {
            var status = (await File.ReadAllLinesAsync($"/proc/{await container.PidAsync()}/status", TestContext.Current.CancellationToken))
                .Select(line => line.Split(':', 2)).ToDictionary(parts => parts[0], parts => parts[1].Trim());
            status["Uid"].Split('\t').ShouldAllBe(id => id == $"{uid}");
            status["Gid"].Split('\t').ShouldAllBe(id => id == $"{uid}");
            foreach (var set in new[] { "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb" }) status[set].ShouldBe("0000000000000000", set);
            status["NoNewPrivs"].ShouldBe("1");
        }
    }

    [Fact]
    public async Task Neither_program_writes_to_its_root_even_where_it_could()
    {
        await using var stage = await ContainerStage.SetAsync();
        var user = stage.Simulator.AddUser();
        var pair = await ContainerPair.StartAsync(stage, user, hardening: []);
        await using var client = pair.Client();
        (await client.DoAsync("whoami")).Text("technician_email").ShouldBe(user.TechnicianEmail);
        // Where something is mounted, and what the engine itself writes; nothing else.
        foreach (var container in new[] { pair.Broker, pair.Shim })
            (await Podman.DoAsync("diff", container.Name)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.EndsWith("/run", StringComparison.Ordinal) && !line.Contains("/run/") && !line.Contains("/etc"))
                .ShouldBeEmpty(container.Name);
    }

    [Fact]
    public async Task No_secret_is_in_the_environment_or_the_logs_of_either_container()
    {
        await using var stage = await ContainerStage.SetAsync();
        var user = stage.Simulator.AddUser();
        var pair = await ContainerPair.StartAsync(stage, user);
        await using (var client = pair.Client()) await client.DoAsync("whoami");
        string[] secrets = [user.Credential.ClientSecret, user.Credential.RefreshToken, pair.Key.Value, .. stage.Simulator.Accounts.RefreshTokens.Select(token => token.Value)];
        foreach (var container in new[] { pair.Broker, pair.Shim })
        {
            var seen = await File.ReadAllTextAsync($"/proc/{await container.PidAsync()}/environ", TestContext.Current.CancellationToken)
                + await Podman.DoAsync("container", "inspect", container.Name) + await container.LogsAsync();
            seen.ShouldContain("Listen");
            foreach (var secret in secrets) seen.Contains(secret, StringComparison.Ordinal).ShouldBeFalse(container.Name);
        }
    }

    [Fact]
    public async Task Told_to_stop_both_let_a_write_under_way_finish_and_end_well()
    {
        await using var stage = await ContainerStage.SetAsync();
        var pair = await ContainerPair.StartAsync(stage, stage.Simulator.AddUser());
        await using var client = pair.Client();
        await client.DoAsync("whoami");
        stage.Simulator.Faults.Add(new Fault { Service = Service.Sdp, Method = "POST", Kind = FaultKind.Delay, DelayMs = 3000 });

        var call = client.DoAsync("create_request", new { subject = "Written while the pair is asked to stop" });
        await Wait.UntilAsync("the write to be under way", () => Task.FromResult(stage.Simulator.Journal.Since(0).Any(entry => entry is { Service: Service.Sdp, Method: "POST" })));
        await pair.Shim.StopAsync(60);
        (await call).Text("subject").ShouldBe("Written while the pair is asked to stop");
        await pair.Broker.StopAsync(60);

        foreach (var container in new[] { pair.Shim, pair.Broker }) (await container.WaitForExitAsync()).ShouldBe(0, container.Name);
        stage.Simulator.Journal.Since(0).Count(entry => entry is { Service: Service.Sdp, Changed: not null }).ShouldBe(1);
    }
}
