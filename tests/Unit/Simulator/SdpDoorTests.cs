using System.Net;
using Shouldly;
using Sidecar.Simulator;
using Xunit;

namespace Sidecar.Tests.Unit.Simulator;

public sealed class SdpDoorTests : IClassFixture<SimulatorFixture>
{
    private readonly SimulatorFixture _sim;

    public SdpDoorTests(SimulatorFixture sim)
    {
        _sim = sim;
        _sim.Reset();
    }

    [Theory]
    [InlineData("*/*")]
    [InlineData("application/json")]
    [InlineData(null)]
    public async Task An_accept_header_of_another_kind_gets_415_or_a_login_page(string? accept)
    {
        (await _sim.Call("GET", "/requests", accept: accept)).Status.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        _sim.Desk.Switches = new InstanceSwitches { BadAccept = BadAccept.LoginPage };
        var page = await _sim.Call("GET", "/requests", accept: accept);
        page.Status.ShouldBe(HttpStatusCode.OK);
        page.MediaType.ShouldBe("text/html");
    }

    [Fact]
    public async Task A_wrong_portal_answers_200_with_a_login_page()
    {
        var page = await _sim.Call("GET", "/requests", portal: "nosuchdesk");
        page.Status.ShouldBe(HttpStatusCode.OK);
        page.MediaType.ShouldBe("text/html");
        (await _sim.Call("GET", "/requests", portal: "hr")).MediaType.ShouldBe("text/html");
    }

    [Fact]
    public async Task The_path_without_a_portal_is_the_default_portal()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_sim.Host.SdpUrl, "/api/v3/requests"));
        request.Headers.TryAddWithoutValidation("Accept", SimulatorFixture.Media);
        request.Headers.TryAddWithoutValidation("Authorization", "Zoho-oauthtoken " + await _sim.AccessToken());
        (await _sim.Send(request)).Json["requests"]!.AsArray().Count.ShouldBe(10);
    }

    [Fact]
    public async Task An_unknown_path_is_4007_invalid_url()
    {
        var reply = await _sim.Get("/no_such_thing");
        reply.Status.ShouldBe(HttpStatusCode.NotFound);
        ((int)reply.Message["status_code"]!).ShouldBe(4007);
        ((string)reply.Message["message"]!).ShouldBe("Invalid URL");
    }

    [Fact]
    public async Task Expired_tokens_get_401_with_or_without_a_body()
    {
        var token = await _sim.AccessToken();
        _sim.Host.Accounts.ExpireAccessTokens();
        (await _sim.Get("/requests", token: token)).Message["status_code"]!.GetValue<int>().ShouldBe(4022);
        _sim.Desk.Switches = new InstanceSwitches { ExpiredToken = ExpiredToken.Empty };
        var bare = await _sim.Get("/requests", token: token);
        bare.Status.ShouldBe(HttpStatusCode.Unauthorized);
        bare.Body.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_missing_scope_is_401_on_setup_and_403_elsewhere()
    {
        var user = _sim.Host.AddUser(new UserWish { Scopes = ["SDPOnDemand.requests.READ"] });
        var token = await _sim.AccessToken(user);
        (await _sim.Get("/requests", token: token)).Status.ShouldBe(HttpStatusCode.OK);
        (await _sim.Get("/priorities", token: token)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await _sim.Get("/problems", token: token)).Status.ShouldBe(HttpStatusCode.Forbidden);
        var write = await _sim.Call("POST", "/requests", """{"request":{"subject":"x"}}""", token);
        write.Status.ShouldBe(HttpStatusCode.Forbidden);
        write.Message["status_code"]!.GetValue<int>().ShouldBe(4002);

        _sim.Desk.Switches = new InstanceSwitches { MissingScope = MissingScope.NotFound };
        (await _sim.Get("/priorities", token: token)).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(400)]
    public async Task The_rate_limit_is_4015_and_locks_for_five_minutes(int status)
    {
        _sim.Desk.Switches = new InstanceSwitches { RateLimit = 3, RateLimitStatus = status, RateLimitRetryAfter = true };
        for (var i = 0; i < 3; i++)
            (await _sim.Get("/requests")).Status.ShouldBe(HttpStatusCode.OK);
        var limited = await _sim.Get("/requests");
        ((int)limited.Status).ShouldBe(status);
        limited.Message["status_code"]!.GetValue<int>().ShouldBe(4015);
        limited.Headers["Retry-After"].ShouldBe("300");

        // Another path has a lane of its own.
        (await _sim.Get("/priorities")).Status.ShouldBe(HttpStatusCode.OK);
        _sim.Host.Clock.Advance(TimeSpan.FromSeconds(299));
        ((int)(await _sim.Get("/requests")).Status).ShouldBe(status);
        _sim.Host.Clock.Advance(TimeSpan.FromSeconds(1));
        (await _sim.Get("/requests")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Services_know_their_own_paths_only()
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_sim.Host.SdpUrl, "/oauth/v2/token"));
        (await _sim.Send(request)).MediaType.ShouldBe("text/html");
        (await _sim.Send(new HttpRequestMessage(HttpMethod.Get, new Uri(_sim.Host.AccountsUrl, "/_sim/journal")))).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Spellings_of_paths_differ_between_instances()
    {
        _sim.Desk.Switches = new InstanceSwitches { GroupsPath = false, TechniciansPath = false, ClosureCodesPath = false };
        (await _sim.Get("/groups")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await _sim.Get("/support_groups")).Json["support_groups"]!.AsArray().Count.ShouldBe(5);
        (await _sim.Get("/closure_codes")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await _sim.Get("/request_closure_codes")).Status.ShouldBe(HttpStatusCode.OK);
        (await _sim.Get("/technicians")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await _sim.Get("/requests/technician", """{"list_info":{"row_count":100}}""")).Json["technician"]!.AsArray().Count.ShouldBe(12);
    }

    [Theory]
    [InlineData("statuses"), InlineData("priorities"), InlineData("categories"), InlineData("subcategories"), InlineData("items")]
    [InlineData("urgencies"), InlineData("impacts"), InlineData("levels"), InlineData("modes"), InlineData("request_types")]
    [InlineData("request_templates"), InlineData("sites"), InlineData("departments"), InlineData("udf_fields"), InlineData("groups")]
    [InlineData("technicians"), InlineData("requesters"), InlineData("users"), InlineData("problems"), InlineData("changes")]
    [InlineData("solutions"), InlineData("assets"), InlineData("announcements"), InlineData("topics"), InlineData("closure_codes")]
    public async Task Every_list_has_rows_under_its_own_name(string name)
    {
        var reply = await _sim.Get("/" + name);
        reply.Status.ShouldBe(HttpStatusCode.OK, reply.Body);
        reply.Json[name]!.AsArray().Count.ShouldBeGreaterThan(0);
        reply.Body.ShouldNotContain("\"_");
    }
}
