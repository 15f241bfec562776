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
}
