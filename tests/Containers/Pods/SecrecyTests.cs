using Sidecar.Tests.Containers.Harness;
using Sidecar.Tests.Containers.Pods.Looking;

namespace Sidecar.Tests.Containers.Pods;

/// <summary>What the container that faces the model has of the credential: nothing, and no way to it. Each search finds something in the broker.</summary>
[Collection(SharedPods.Name)]
public sealed class SecrecyTests(ThreePods pods)
{
    [Fact]
    public async Task No_secret_is_in_a_shims_environment_files_or_memory()
    {
        foreach (var pod in pods.All)
        {
            using (var client = pod.Client()) await client.DoAsync("list_requests");
            var secrets = Secret.Of(pod.User, pods.Stage.Simulator);
            var (broker, shim) = (new ContainerView(await pod.Broker.PidAsync()), new ContainerView(await pod.Shim.PidAsync()));

            shim.InEnvironment(secrets).ShouldBeEmpty();
            shim.Environment.ShouldNotContain("AZURE_");
            shim.Environment.ShouldNotContain("Credential__");
            broker.Environment.ShouldContain("AZURE_FEDERATED_TOKEN_FILE=");

            shim.InFiles(secrets).ShouldBeEmpty();
            var inBroker = broker.InFiles(secrets);
            inBroker.ShouldContain(found => found.Secret.Name == "federated token");
            inBroker.ShouldContain(found => found.Path == "/run/sidecar/tokens/token" && found.Secret.Name.StartsWith("access token"));

            shim.HasAnyInMemory(secrets).ShouldBeFalse();
            var remembered = broker.InMemory(secrets).Select(secret => secret.Name).ToList();
            remembered.ShouldContain("refresh token");
            remembered.ShouldContain(name => name.StartsWith("access token"));
        }
    }

    [Fact]
    public async Task A_shim_sees_neither_its_brokers_process_nor_its_files()
    {
        var pod = pods.All[0];
        var (brokerPid, shimPid) = (await pod.Broker.PidAsync(), await pod.Shim.PidAsync());
        var (broker, shim) = (new ContainerView(brokerPid), new ContainerView(shimPid));
        shim.Processes.ShouldBe(["1"]);
        foreach (var kind in new[] { "pid", "mnt" }) shim.Namespace(kind).ShouldNotBe(broker.Namespace(kind));
        File.Exists($"/proc/{brokerPid}/root/run/sidecar/tokens/token").ShouldBeTrue();
        Directory.Exists($"/proc/{shimPid}/root/run/sidecar").ShouldBeFalse();
        Directory.Exists($"/proc/{shimPid}/root/var/run/secrets").ShouldBeFalse();
    }

    [Fact]
    public async Task A_shims_user_could_read_nothing_of_the_brokers_even_beside_it()
    {
        var pod = pods.All[0];
        var (brokerPid, shimPid) = (await pod.Broker.PidAsync(), await pod.Shim.PidAsync());
        var shim = new ContainerView(shimPid);
        shim.Status("Uid").Split('\t').ShouldAllBe(uid => uid == $"{ContainerStage.ShimUid}");
        new ContainerView(brokerPid).Status("Uid").Split('\t').ShouldAllBe(uid => uid == $"{ContainerStage.BrokerUid}");
        foreach (var set in new[] { "CapPrm", "CapEff", "CapBnd", "CapAmb" }) shim.Status(set).ShouldBe("0000000000000000");
        shim.Status("NoNewPrivs").ShouldBe("1");

        foreach (var window in new[] { "environ", "mem", "maps", "root/run/sidecar/tokens/token" })
            (await ContainerView.MayReadAsync(ContainerStage.ShimUid, $"/proc/{brokerPid}/{window}")).ShouldBeFalse(window);
        var tokenFile = Path.Combine(pod.Memory, "tokens", "token");
        (await ContainerView.MayReadAsync(ContainerStage.ShimUid, tokenFile)).ShouldBeFalse();
        (await ContainerView.MayReadAsync(ContainerStage.BrokerUid, tokenFile)).ShouldBeTrue();
    }
}
