using Sidecar.Tests.Containers.Harness;
using Sidecar.Tests.Containers.Pods.Running;
using Sidecar.Tests.Containers.Pods.Users;

namespace Sidecar.Tests.Containers.Pods;

/// <summary>A pod that cannot work says why, in its status and its logs.</summary>
public sealed class FailingPodsTests
{
    [Theory]
    [InlineData("broker", "initContainers", 6)]
    [InlineData("shim", "containers", 7)]
    public async Task Out_of_memory_ends_with_the_kernels_exit_code(string name, string list, int technician)
    {
        await using var stage = await PodStage.SetAsync();
        var wish = new PodWish { Patches = [$"{list}: [{{name: {name}, resources: {{requests: {{memory: 1Mi}}, limits: {{memory: 14Mi}}}}}}]"] };
        var pod = await stage.PlayAsync(stage.Onboard(technician), wish, ready: false);
        var container = name == "broker" ? pod.Broker : pod.Shim;
        // podman 4.3.1 does not say OOMKilled under these control groups; what a kubelet goes by is the same signal.
        await Wait.UntilAsync("the kernel to end it", async () => await ContainerState.OfAsync(container) is { ExitCode: 137, Restarts: > 0 }, pod.LogsAsync);
    }

    [Fact]
    public async Task A_token_file_that_cannot_be_written_ends_the_broker_with_78_and_the_settings_name()
    {
        await using var stage = await PodStage.SetAsync();
        var wish = new PodWish { Patches = ["initContainers: [{name: broker, volumeMounts: [{name: tokens, mountPath: /run/sidecar/tokens, readOnly: true}]}]"] };
        var pod = await stage.PlayAsync(stage.Onboard(8), wish, ready: false);
        (await ExitCodeAsync(pod.Broker)).ShouldBe(78);
        (await pod.Broker.LogsAsync()).ShouldContain("Tokens__CachePath");
    }

    [Theory]
    [InlineData("broker", "Policy__Toolsets", "nonsense")]
    [InlineData("broker", "Credential__Sauce", "File")]
    [InlineData("shim", "Shim__CallTimeout", "never")]
    [InlineData("shim", "Shim__Access__ApiKeys__0__Sha256", "short")]
    public async Task Settings_that_do_not_hold_end_the_program_with_78_and_are_named(string name, string setting, string value)
    {
        await using var stage = await PodStage.SetAsync();
        var settings = new Dictionary<string, string> { [setting] = value };
        var pod = await stage.PlayAsync(stage.Onboard(9), name == "broker" ? new PodWish { Broker = settings } : new PodWish { Shim = settings }, ready: false);
        var container = name == "broker" ? pod.Broker : pod.Shim;
        (await ExitCodeAsync(container)).ShouldBe(78);
        (await container.LogsAsync()).ShouldContain(setting);
    }

    [Fact]
    public async Task Without_DNS_the_pod_is_alive_and_not_ready_and_names_what_it_cannot_reach()
    {
        await using var stage = await PodStage.SetAsync();
        var pod = await stage.PlayAsync(stage.Onboard(10), new PodWish { KnowsNames = false }, ready: false);
        var words = await NotReadyAsync(pod, "Key Vault");
        words.ShouldContain(stage.Simulator.VaultUrl.Host);
        (await pod.Broker.LogsAsync()).ShouldContain(stage.Simulator.VaultUrl.Host);
        (await ContainerState.OfAsync(pod.Broker)).Restarts.ShouldBe(0);
    }

    [Fact]
    public async Task A_vault_that_denies_is_told_by_the_state_of_the_credential_and_healed_without_a_restart()
    {
        await using var stage = await PodStage.SetAsync();
        var user = stage.Onboard(11, granted: false);
        var pod = await stage.PlayAsync(user, new PodWish { Broker = new Dictionary<string, string> { ["Credential__RefreshInterval"] = "00:00:02" } }, ready: false);
        (await NotReadyAsync(pod, "credential: denied")).ShouldContain(user.Name.SecretName);
        (await pod.Broker.LogsAsync()).ShouldContain("Denied");

        user.Grant(stage.Simulator);
        await pod.WaitUntilReadyAsync();
        (await ContainerState.OfAsync(pod.Broker)).Restarts.ShouldBe(0);
    }

    private static async Task<string> NotReadyAsync(RunningPod pod, string expected)
    {
        var words = "";
        await Wait.UntilAsync($"the broker to say {expected}", async () =>
        {
            (var isGood, words) = await pod.BrokerReadiness.RunAsync();
            return !isGood && words.Contains("not ready", StringComparison.Ordinal) && words.Contains(expected, StringComparison.Ordinal);
        }, async () => words + await pod.LogsAsync());
        (await pod.Readiness.RunAsync()).IsGood.ShouldBeFalse();
        return words;
    }

    // Started anew at once, it has no exit code for a moment; so it is looked at until it has one.
    private static async Task<int> ExitCodeAsync(RunningContainer container)
    {
        var exitCode = 0;
        await Wait.UntilAsync($"{container.Name} to end", async () => (exitCode = (await ContainerState.OfAsync(container)).ExitCode) != 0, container.LogsAsync);
        return exitCode;
    }
}
