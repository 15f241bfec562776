using Sidecar.Tests.Containers.Pods.Looking;
using Sidecar.Tests.Containers.Pods.Running;
using Sidecar.Tests.Containers.Pods.Users;

namespace Sidecar.Tests.Containers.Pods;

/// <summary>The same base with components that change how its containers run.</summary>
public sealed class ComponentTests
{
    [Fact]
    public async Task Over_a_unix_socket_a_call_is_answered_and_nothing_listens_but_the_shim()
    {
        await using var stage = await PodStage.SetAsync();
        var user = stage.Onboard(1);
        var pod = await stage.PlayAsync(user, new PodWish { Components = ["unix-socket"] });
        using var client = pod.Client();
        ((string?)(await client.DoAsync("whoami"))["technician_email"]).ShouldBe(user.Name.Email);

        // State 0A is LISTEN; the port is hexadecimal.
        var pid = await pod.Shim.PidAsync();
        var listening = new[] { "tcp", "tcp6" }.SelectMany(file => File.ReadLines($"/proc/{pid}/net/{file}")).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(parts => parts[3] == "0A").Select(parts => Convert.ToInt32(parts[1].Split(':')[1], 16)).Distinct();
        listening.ShouldBe([pod.EndPoint.Port]);
    }

    [Fact]
    public async Task A_credential_from_a_Kubernetes_secret_serves_calls_and_is_in_the_broker_alone()
    {
        await using var stage = await PodStage.SetAsync();
        var user = stage.Onboard(2);
        var files = new Dictionary<string, string> { ["credential.json"] = user.Person.Credential.ToJson() };
        var wish = new PodWish
        {
            Components = ["kubernetes-secret"],
            Secrets = new Dictionary<string, IReadOnlyDictionary<string, string>> { [user.Name.SecretName] = files },
        };
        var pod = await stage.PlayAsync(user, wish);
        using var client = pod.Client();
        ((string?)(await client.DoAsync("whoami"))["technician_email"]).ShouldBe(user.Name.Email);
        var secrets = Secret.Of(user, stage.Simulator);
        new ContainerView(await pod.Shim.PidAsync()).InFiles(secrets).ShouldBeEmpty();
        new ContainerView(await pod.Broker.PidAsync()).InFiles(secrets).ShouldContain(found => found.Secret.Name == "refresh token");
    }
}
