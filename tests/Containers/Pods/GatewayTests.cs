using System.Net;
using System.Text.Json.Nodes;
using Sidecar.Tests.Containers.Pods.Gateway;
using Sidecar.Tests.Containers.Pods.Rendering;
using Sidecar.Tests.Containers.Pods.Running;
using Sidecar.Tests.Containers.Pods.Users;

namespace Sidecar.Tests.Containers.Pods;

/// <summary>Running pods behind a gateway that does what the rendered routes and policies say, and nothing besides.</summary>
[Collection(SharedPods.Name)]
public sealed class GatewayTests(ThreePods pods)
{
    private static readonly Uri OneUrl = new($"http://{Site.Host}/mcp");

    [Fact]
    public async Task One_url_leads_every_user_to_their_own_pod_by_the_token_alone()
    {
        await using var gateway = await StartAsync("one-url", "entra", "one-url");
        foreach (var pod in pods.All)
        {
            using var client = new PodClient(OneUrl, gateway.EndPoint, pods.SignedIn(pod.User));
            ((string?)(await client.DoAsync("whoami"))["technician_email"]).ShouldBe(pod.User.Name.Email);
        }
    }

    [Fact]
    public async Task At_one_url_nobody_gets_by_a_header_to_the_pod_of_another()
    {
        await using var gateway = await StartAsync("one-url", "entra", "one-url");
        var (mine, theirs) = (pods.All[0].User, pods.All[1].User);
        foreach (var forged in new[] { theirs.ObjectId, $"{mine.ObjectId},{theirs.ObjectId}" })
        {
            var caller = new Caller(headers =>
            {
                pods.SignedIn(mine).Sign(headers);
                headers.Add("X-Sidecar-Owner", forged);
                headers.Add("X-Sidecar-User", theirs.Name.Slug);
            });
            using var client = new PodClient(OneUrl, gateway.EndPoint, caller);
            ((string?)(await client.DoAsync("whoami"))["technician_email"]).ShouldBe(mine.Name.Email);
        }

        using var nobody = new PodClient(OneUrl, gateway.EndPoint, new Caller(headers => headers.Add("X-Sidecar-Owner", theirs.ObjectId)));
        (await nobody.KnockAsync()).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task At_one_url_a_token_of_nobody_here_is_refused_and_a_wrong_one_too()
    {
        await using var gateway = await StartAsync("one-url", "entra", "one-url");
        string Token(Simulator.EntraTokenKind kind, string name) => pods.Stage.Simulator.Entra.MakeUserToken(new() { Audience = pods.Audience, PrincipalName = name, Kind = kind });
        var owner = pods.All[0].User.Name.Email;
        foreach (var (token, status) in new[]
        {
            (Token(default, "stranger@example.com"), HttpStatusCode.Forbidden),
            (Token(Simulator.EntraTokenKind.OtherAudience, owner), HttpStatusCode.Unauthorized),
            (Token(Simulator.EntraTokenKind.Expired, owner), HttpStatusCode.Unauthorized),
            (Token(Simulator.EntraTokenKind.OtherTenant, owner), HttpStatusCode.Unauthorized),
        })
        {
            using var client = new PodClient(OneUrl, gateway.EndPoint, Caller.WithToken(token));
            (await client.KnockAsync()).ShouldBe(status);
        }
    }

    [Fact]
    public async Task A_path_leads_to_its_users_pod_which_takes_its_own_user_alone()
    {
        await using var gateway = await StartAsync("by-path", "gateway", "entra");
        foreach (var pod in pods.All)
        foreach (var user in pods.All.Select(other => other.User))
        {
            var path = new Uri($"http://{Site.Host}/{pod.User.Name.Slug}/mcp");
            using var byKey = new PodClient(path, gateway.EndPoint, Caller.With(user.Key));
            using var byToken = new PodClient(path, gateway.EndPoint, pods.SignedIn(user));
            (await byKey.KnockAsync()).ShouldBe(user == pod.User ? HttpStatusCode.OK : HttpStatusCode.Unauthorized);
            (await byToken.KnockAsync()).ShouldBe(user == pod.User ? HttpStatusCode.OK : HttpStatusCode.Forbidden);
        }

        using var elsewhere = new PodClient(new Uri($"http://{Site.Host}/somebody/mcp"), gateway.EndPoint, Caller.With(pods.All[0].User.Key));
        (await elsewhere.KnockAsync()).ShouldBe(HttpStatusCode.NotFound);
    }

    // The pods run already; what is rendered here are their routes, as an operator applies them.
    private async Task<TestGateway> StartAsync(string gateway, params string[] components)
    {
        var objects = new List<JsonObject>();
        foreach (var pod in pods.All)
        {
            var site = pods.Stage.Site(pod.User);
            site.Write("", "192.0.2.1", pods.Wish(components));
            objects.AddRange((await Manifests.RenderAsync(site.Overlay)).All);
        }

        var operators = new Site(pods.Stage.Simulator, new("localhost/none:1", "localhost/none:1"), pods.All[0].User);
        using (operators)
        {
            operators.Edit("gateway/by-path/kustomization.yaml", ("mcp.example.com", Site.Host));
            operators.Edit(
                "gateway/one-url/kustomization.yaml",
                ("11111111-1111-4111-8111-111111111111", pods.Stage.Simulator.Entra.TenantId), ("22222222-2222-4222-8222-222222222222", pods.Audience));
            operators.Edit("gateway/one-url/securitypolicy.yaml", ("https://login.microsoftonline.com", pods.Stage.Simulator.EntraUrl.OriginalString));
            objects.AddRange((await Manifests.RenderAsync(operators.PathOf($"gateway/{gateway}"))).All);
        }

        return await TestGateway.StartAsync(objects, pods.All, pods.Stage.Simulator.CreateHandler());
    }
}
