using System.Net;
using System.Text.Json.Nodes;
using Sidecar.Tests.Containers.Pods.Running;

namespace Sidecar.Tests.Containers.Pods;

/// <summary>The rendered base for three users, as three pods with networks of their own, called straight.</summary>
[Collection(SharedPods.Name)]
public sealed class ThreeUsersTests(ThreePods pods)
{
    [Fact]
    public async Task Each_client_is_its_own_technician_and_sees_its_own_data()
    {
        var seen = new HashSet<string>();
        foreach (var pod in pods.All)
        {
            using var client = pod.Client();
            var identity = await client.DoAsync("whoami");
            ((string?)identity["technician_email"]).ShouldBe(pod.User.Name.Email);
            ((bool?)identity["ready"]).ShouldBe(true);
            var mine = (await client.DoAsync("list_requests", new JsonObject { ["queue"] = "mine" }))["requests"]!.AsArray();
            mine.Count.ShouldBeGreaterThan(0);
            foreach (var request in mine) seen.Add((string)request!["id"]!).ShouldBeTrue("a request is in two users' queues");
        }
    }

    [Fact]
    public async Task A_key_opens_its_own_users_pod_and_no_other()
    {
        foreach (var pod in pods.All)
        foreach (var user in pods.All.Select(other => other.User))
        {
            using var client = pod.Client(Caller.With(user.Key));
            (await client.KnockAsync()).ShouldBe(user == pod.User ? HttpStatusCode.OK : HttpStatusCode.Unauthorized);
        }
    }

    [Fact]
    public async Task An_Entra_token_opens_its_own_users_pod_and_no_other()
    {
        foreach (var pod in pods.All)
        foreach (var user in pods.All.Select(other => other.User))
        {
            using var client = pod.Client(pods.SignedIn(user));
            (await client.KnockAsync()).ShouldBe(user == pod.User ? HttpStatusCode.OK : HttpStatusCode.Forbidden);
        }
    }

    [Fact]
    public async Task No_pod_shares_a_network_with_another()
    {
        var networks = await Task.WhenAll(pods.All.Select(async pod => File.ResolveLinkTarget($"/proc/{await pod.Shim.PidAsync()}/ns/net", returnFinalTarget: false)!.Name));
        networks.Distinct().Count().ShouldBe(pods.All.Count);
    }
}
