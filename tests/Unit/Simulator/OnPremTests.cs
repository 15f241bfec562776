using System.Net;
using System.Text.Json.Nodes;
using Shouldly;
using Sidecar.Simulator;
using Xunit;

namespace Sidecar.Tests.Unit.Simulator;

/// <summary>The instance on premises: its door, its spellings and what it does not have.</summary>
public sealed class OnPremTests : IClassFixture<SimulatorFixture>
{
    private readonly SimulatorFixture _sim;
    private readonly SimulatedOnPremUser _user;

    public OnPremTests(SimulatorFixture sim)
    {
        _sim = sim;
        _sim.Reset();
        _user = _sim.Host.AddOnPremUser();
    }

    private Instance Premises => _sim.Host.Instances["premises"];

    [Fact]
    public async Task A_user_comes_with_a_key_by_the_control_api_too_and_a_new_key_ends_the_old_one()
    {
        var control = new HttpRequestMessage(HttpMethod.Post, new Uri(_sim.Host.ControlUrl, "/_sim/users")) { Content = new StringContent("""{"portal":"premises","secret":"sdp-onprem"}""") };
        var credential = (await _sim.Send(control)).Json["credential"]!.AsObject();
        credential.Select(member => member.Key).ShouldBe(["kind", "base_url", "portal", "technician_key", "technician_email"], ignoreOrder: true);
        ((string)credential["technician_key"]!).ShouldStartWith("FA4E");
        _sim.Host.Vault.Versions("sdp-onprem").Single().Value.ShouldContain("on_prem");
        (await Call("GET", "/requests", key: (string)credential["technician_key"]!)).Status.ShouldBe(HttpStatusCode.OK);
        (await Call("GET", "/requests")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        Should.Throw<ArgumentException>(() => _sim.Host.AddUser(new UserWish { Portal = "premises" }));
        Should.Throw<ArgumentException>(() => _sim.Host.AddOnPremUser(new UserWish { Portal = "hr" }));
    }

    [Theory]
    [InlineData(KeyHeader.Authtoken, "authtoken", true)]
    [InlineData(KeyHeader.Authtoken, "TECHNICIAN_KEY", false)]
    [InlineData(KeyHeader.TechnicianKey, "TECHNICIAN_KEY", true)]
    [InlineData(KeyHeader.TechnicianKey, "authtoken", false)]
    [InlineData(KeyHeader.Both, "authtoken", true)]
    [InlineData(KeyHeader.Both, "TECHNICIAN_KEY", true)]
    public async Task The_key_comes_in_the_header_that_this_version_knows(KeyHeader known, string header, bool isTaken)
    {
        Premises.Switches = InstanceSwitches.OnPremises with { KeyHeader = known };
        var reply = await Call("GET", "/requests", header: header);
        reply.Status.ShouldBe(isTaken ? HttpStatusCode.OK : HttpStatusCode.Unauthorized);
        if (!isTaken) ((int)reply.Message["status_code"]!).ShouldBe(4022);
    }

    [Fact]
    public async Task Fifteen_wrong_keys_in_a_minute_close_the_door_to_the_right_one_too()
    {
        for (var i = 0; i < 15; i++)
            (await Call("GET", "/requests", key: "wrong")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        var locked = await Call("GET", "/requests");
        locked.Status.ShouldBe(HttpStatusCode.BadRequest);
        ((string)locked.Message["message"]!).ShouldContain("URL blocked");
        _sim.Host.Clock.Advance(TimeSpan.FromMinutes(1));
        (await Call("GET", "/requests")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_url_that_is_called_too_often_is_blocked_with_400_and_a_sentence_for_all_keys()
    {
        Premises.Switches = InstanceSwitches.OnPremises with { RateLimit = 2 };
        var other = _sim.Host.AddOnPremUser(new UserWish { Email = Premises.TechnicianEmails[1] });
        await Call("GET", "/requests");
        await Call("GET", "/requests", key: other.Credential.TechnicianKey);
        var blocked = await Call("GET", "/requests");
        blocked.Status.ShouldBe(HttpStatusCode.BadRequest);
        ((string)blocked.Message["message"]!).ShouldContain("URL blocked as maximum access limit");
        (await Call("GET", "/priorities")).Status.ShouldBe(HttpStatusCode.OK);
        _sim.Host.Clock.Advance(TimeSpan.FromMinutes(1));
        (await Call("GET", "/requests")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task It_has_a_host_of_its_own_and_neither_is_found_at_the_other()
    {
        (await Call("GET", "/requests", host: "localhost")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await _sim.Call("GET", "/requests", portal: "premises")).MediaType.ShouldBe("text/html");
        var app = new HttpRequestMessage(HttpMethod.Get, new Uri($"{_user.Credential.BaseUrl}/app/itdesk/api/v3/requests"));
        app.Headers.TryAddWithoutValidation("authtoken", _user.Credential.TechnicianKey);
        (await _sim.Send(app)).MediaType.ShouldBe("text/html");
    }

    [Theory]
    [InlineData("1", HttpStatusCode.OK)]
    [InlineData(null, HttpStatusCode.OK)]
    [InlineData("2", HttpStatusCode.Forbidden)]
    public async Task A_portal_is_named_by_its_header(string? portal, HttpStatusCode status) =>
        (await Call("GET", "/requests", portal: portal)).Status.ShouldBe(status);

    [Theory]
    [InlineData("GET", "/groups")]
    [InlineData("GET", "/request_closure_codes")]
    [InlineData("GET", "/requests/{0}/conversations")]
    [InlineData("GET", "/requests/{0}/notifications")]
    [InlineData("POST", "/requests/{0}/notifications")]
    [InlineData("PUT", "/requests/{0}/_close")]
    [InlineData("PUT", "/requests/{0}/_assign")]
    [InlineData("GET", "/requests/{0}/_history")]
    [InlineData("GET", "/requests/{0}/_link_requests")]
    [InlineData("PUT", "/requests/{0}/_merge_requests")]
    [InlineData("POST", "/requests/{0}/_uploads")]
    [InlineData("GET", "/requests/{0}/checklists")]
    public async Task What_is_Clouds_alone_is_4007_invalid_url(string method, string path)
    {
        var reply = await Call(method, string.Format(System.Globalization.CultureInfo.InvariantCulture, path, Id), method == "GET" ? null : "{}");
        reply.Status.ShouldBe(HttpStatusCode.NotFound);
        ((int)reply.Message["status_code"]!).ShouldBe(4007);
    }

    [Theory]
    [InlineData("/support_groups", "support_groups")]
    [InlineData("/closure_codes", "closure_codes")]
    [InlineData("/technicians", "technicians")]
    [InlineData("/users", "users")]
    [InlineData("/requests/{0}/history", "history")]
    [InlineData("/requests/{0}/notes", "notes")]
    [InlineData("/requests/{0}/link_requests", "link_requests")]
    [InlineData("/requests/{0}/drafts", "drafts")]
    public async Task Its_own_spellings_are_known(string path, string key) =>
        (await Call("GET", string.Format(System.Globalization.CultureInfo.InvariantCulture, path, Id))).Json[key].ShouldBeOfType<JsonArray>();

    [Fact]
    public async Task A_note_is_wrapped_as_note_and_request_note_is_an_extra_key()
    {
        var refused = await Call("POST", $"/requests/{Id}/notes", """{"request_note":{"description":"x"}}""");
        refused.Status.ShouldBe(HttpStatusCode.BadRequest);
        ((string)refused.Message["message"]!).ShouldBe("EXTRA_KEY_FOUND_IN_JSON");
        (await Call("POST", $"/requests/{Id}/notes", """{"note":{"description":"x"}}""")).Json["note"].ShouldNotBeNull();
    }

    [Fact]
    public async Task A_draft_is_kept_and_sends_nothing()
    {
        var kept = await Call("POST", $"/requests/{Id}/drafts", """{"draft":{"to":["a@example.com"],"subject":"s","description":"d","type":"reply"}}""");
        kept.Status.ShouldBe(HttpStatusCode.OK, kept.Body);
        ((bool)kept.Json["draft"]!["is_draft"]!).ShouldBeTrue();
        Premises.Outbox.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_request_is_known_by_one_short_number_unless_the_instance_keeps_numbers_apart()
    {
        var created = (await Call("POST", "/requests", """{"request":{"subject":"x"}}""")).Json["request"]!;
        ((string)created["id"]!).Length.ShouldBeLessThan(7);
        ((string)created["display_id"]!).ShouldBe((string)created["id"]!);
        Premises.Switches = InstanceSwitches.OnPremises with { NumbersApart = true };
        created = (await Call("POST", "/requests", """{"request":{"subject":"x"}}""")).Json["request"]!;
        ((string)created["display_id"]!).ShouldNotBe((string)created["id"]!);
    }

    [Fact]
    public async Task A_file_goes_up_and_comes_down_by_its_own_paths()
    {
        var upload = Request("PUT", $"/requests/{Id}/upload");
        upload.Content = new MultipartFormDataContent { { new ByteArrayContent([1, 2, 3]), "input_file", "a.bin" } };
        var file = (await _sim.Send(upload)).Json["files"]![0]!;
        (await Call("GET", $"/requests/{Id}/attachments/{file["id"]}/_download")).Body.ShouldBe("\u0001\u0002\u0003");
        Premises.Record("requests", Id)!["attachments"]!.AsArray().Count.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task The_journal_holds_no_key()
    {
        await Call("GET", "/requests");
        var journal = new HttpRequestMessage(HttpMethod.Get, new Uri(_sim.Host.ControlUrl, "/_sim/journal"));
        (await _sim.Send(journal)).Body.ShouldNotContain(_user.Credential.TechnicianKey);
    }

    private string Id => (string)Premises.Records("requests")[^1]["id"]!;

    private Task<Reply> Call(string method, string path, string? input = null, string? key = null, string header = "authtoken", string? portal = null, string? host = null)
    {
        var request = Request(method, path, key, header, portal, host);
        if (input is not null) request.Content = new FormUrlEncodedContent([new("input_data", input)]);
        return _sim.Send(request);
    }

    private HttpRequestMessage Request(string method, string path, string? key = null, string header = "authtoken", string? portal = null, string? host = null)
    {
        var url = new UriBuilder($"{_user.Credential.BaseUrl}/api/v3{path}");
        if (host is not null) url.Host = host;
        var request = new HttpRequestMessage(new HttpMethod(method), url.Uri);
        request.Headers.TryAddWithoutValidation("Accept", SimulatorFixture.Media);
        request.Headers.TryAddWithoutValidation(header, key ?? _user.Credential.TechnicianKey);
        if (portal is not null) request.Headers.TryAddWithoutValidation("PORTALID", portal);
        return request;
    }
}
