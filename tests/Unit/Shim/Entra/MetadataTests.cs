using System.Net;
using Shouldly;
using Xunit;

namespace Sidecar.Tests.Unit.Shim.Entra;

/// <summary>Protected resource metadata (RFC 9728): what a client reads before anybody has signed in.</summary>
public sealed class MetadataTests(EntraStage stage) : IClassFixture<EntraStage>
{
    private const string WellKnown = "/.well-known/oauth-protected-resource";

    [Theory]
    [InlineData(WellKnown)]
    [InlineData(WellKnown + "/mcp")]
    public async Task It_says_without_a_credential_who_signs_people_in_and_for_what(string path)
    {
        await using var shim = await stage.StartShimAsync();
        var metadata = await EntraStage.ReadAsync(shim, path);
        metadata.GetProperty("resource").GetString().ShouldBe($"{shim.Http.BaseAddress}mcp");
        metadata.GetProperty("authorization_servers").EnumerateArray().Single().GetString().ShouldBe($"{stage.Simulator.EntraUrl.OriginalString}/{stage.Tenant.TenantId}/v2.0");
        metadata.GetProperty("scopes_supported").EnumerateArray().Single().GetString().ShouldBe($"api://{stage.Audience}/access_as_user");
        metadata.GetProperty("bearer_methods_supported").EnumerateArray().Single().GetString().ShouldBe("header");
    }

    [Fact]
    public async Task By_any_name_but_a_loopback_one_the_resource_is_https_and_forwarded_headers_count_for_nothing()
    {
        await using var shim = await stage.StartShimAsync(("AllowedHosts", "mcp.example.com"));
        var reply = await EntraStage.AskAsync(shim, null, request =>
        {
            request.Headers.Host = "mcp.example.com";
            request.Headers.Add("X-Forwarded-Host", "evil.example");
            request.Headers.Add("X-Forwarded-Proto", "gopher");
            request.Headers.Add("Forwarded", "host=evil.example;proto=gopher");
        });
        reply.Challenge.ShouldContain("resource_metadata=\"https://mcp.example.com/.well-known/oauth-protected-resource/mcp\"");
        (await EntraStage.AskAsync(shim, null, request => request.Headers.Host = "evil.example")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Behind_a_gateway_that_changes_the_path_the_set_URL_is_told_letter_by_letter()
    {
        await using var shim = await stage.StartShimAsync(
            ("Shim:Access:Entra:ResourceUrl", "https://Desk.example.com/u/ada/mcp"), ("Shim:Access:Entra:Scope", "https://Desk.example.com/u/ada/mcp/use"));
        (await EntraStage.AskAsync(shim, null)).Challenge.ShouldContain(
            "resource_metadata=\"https://desk.example.com/.well-known/oauth-protected-resource/u/ada/mcp\", scope=\"https://Desk.example.com/u/ada/mcp/use\"");
        foreach (var path in new[] { "", "/mcp", "/u/ada/mcp" })
            (await EntraStage.ReadAsync(shim, WellKnown + path)).GetProperty("resource").GetString().ShouldBe("https://Desk.example.com/u/ada/mcp");
    }

    [Fact]
    public async Task Without_Entra_there_is_none_and_a_challenge_names_none()
    {
        await using var shim = await RunningShim.StartAsync(FrontDoorTests.Key("anna", "some key"));
        (await shim.Http.GetAsync(new Uri(WellKnown, UriKind.Relative), TestContext.Current.CancellationToken)).IsSuccessStatusCode.ShouldBeFalse();
        (await EntraStage.AskAsync(shim, null)).Challenge.ShouldBe("Bearer realm=\"servicedesk-plus\"");
    }

    [Fact]
    public async Task The_page_for_people_says_that_they_sign_in()
    {
        await using var shim = await stage.StartShimAsync();
        var page = await shim.Http.GetStringAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);
        page.ShouldContain("sign in with Entra ID");
        page.ShouldNotContain("X-API-Key");
        page.ShouldNotContain(stage.Tenant.ObjectIdOf(EntraStage.Ada));

        await using var both = await stage.StartShimAsync(FrontDoorTests.Key("anna", "some key"));
        page = await both.Http.GetStringAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);
        page.ShouldContain("sign in with Entra ID");
        page.ShouldContain("X-API-Key", Case.Sensitive);
    }
}
