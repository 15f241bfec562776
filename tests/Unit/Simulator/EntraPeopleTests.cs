using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace Sidecar.Tests.Unit.Simulator;

/// <summary>What the simulated Entra ID says of people, and how it can be checked without any library.</summary>
public sealed class EntraPeopleTests(SimulatorFixture sim) : IClassFixture<SimulatorFixture>
{
    private const string Audience = "66666666-7777-8888-9999-000000000000";

    private string Root => $"{sim.Host.EntraUrl.OriginalString}/{sim.Host.Entra.TenantId}";

    [Fact]
    public async Task The_metadata_leads_to_the_key_that_signed_a_token()
    {
        var metadata = (await GetAsync($"{Root}/v2.0/.well-known/openid-configuration")).Json;
        ((string)metadata["issuer"]!).ShouldBe($"{Root}/v2.0");
        var token = (string)(await MakeAsync($$"""{"audience":"{{Audience}}"}"""))["access_token"]!;
        (await FitsAsync((string)metadata["jwks_uri"]!, token)).ShouldBeTrue();
        (await FitsAsync((string)metadata["jwks_uri"]!, (string)(await MakeAsync($$"""{"audience":"{{Audience}}","kind":"kid_of_another"}"""))["access_token"]!)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_token_has_the_claims_of_version_2_and_upn_only_where_it_is_asked_for()
    {
        var made = await MakeAsync($$"""{"audience":"{{Audience}}","principal_name":"ben@example.com"}""");
        var claims = Claims((string)made["access_token"]!);
        ((string)claims["aud"]!).ShouldBe(Audience);
        ((string)claims["iss"]!).ShouldBe($"{Root}/v2.0");
        ((string)claims["tid"]!).ShouldBe(sim.Host.Entra.TenantId);
        ((string)claims["oid"]!).ShouldBe((string)made["object_id"]!);
        ((string)claims["ver"]!).ShouldBe("2.0");
        ((string)claims["scp"]!).ShouldBe("access_as_user");
        claims.ContainsKey("upn").ShouldBeFalse();
        var again = await MakeAsync($$"""{"audience":"{{Audience}}","principal_name":"BEN@example.com","upn_claim":true}""");
        Claims((string)again["access_token"]!)["upn"]!.GetValue<string>().ShouldBe("BEN@example.com");
        ((string)again["object_id"]!).ShouldBe((string)made["object_id"]!, "it is the same person");
    }

    [Fact]
    public async Task Keys_roll_over_and_are_taken_back()
    {
        var before = (await ControlAsync("GET", "/_sim/entra/keys")).Json["keys"]!.AsArray().Select(id => (string)id!).ToList();
        var added = (string)(await ControlAsync("POST", "/_sim/entra/keys")).Json["kid"]!;
        sim.Host.Entra.KeyIds.ShouldBe([.. before, added]);
        var token = (string)(await MakeAsync($$"""{"audience":"{{Audience}}"}"""))["access_token"]!;
        ((string)Part(token, 0)["kid"]!).ShouldBe(added);

        await ControlAsync("DELETE", $"/_sim/entra/keys/{before[0]}");
        (await GetAsync($"{Root}/discovery/v2.0/keys")).Body.ShouldNotContain(before[0]);
        (await ControlAsync("DELETE", "/_sim/entra/keys/none")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Another_tenant_is_not_there()
    {
        var reply = await GetAsync($"{sim.Host.EntraUrl.OriginalString}/{Guid.NewGuid()}/v2.0/.well-known/openid-configuration");
        reply.Status.ShouldBe(HttpStatusCode.BadRequest);
        reply.Body.ShouldContain("AADSTS90002");
    }

    private async Task<bool> FitsAsync(string keysUrl, string token)
    {
        var keys = (await GetAsync(keysUrl)).Json["keys"]!.AsArray();
        var key = keys.Single(key => (string)key!["kid"]! == (string)Part(token, 0)["kid"]!)!;
        using var rsa = RSA.Create(new RSAParameters { Modulus = Base64Url.DecodeFromChars((string)key["n"]!), Exponent = Base64Url.DecodeFromChars((string)key["e"]!) });
        var end = token.LastIndexOf('.');
        return rsa.VerifyData(Encoding.ASCII.GetBytes(token[..end]), Base64Url.DecodeFromChars(token.AsSpan(end + 1)), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    private async Task<JsonObject> MakeAsync(string wish) => (await ControlAsync("POST", "/_sim/entra/tokens", wish)).Json;

    private static JsonObject Claims(string token) => Part(token, 1);

    private static JsonObject Part(string token, int index) => JsonNode.Parse(Base64Url.DecodeFromChars(token.Split('.')[index]))!.AsObject();

    private Task<Reply> GetAsync(string url) => sim.Send(new HttpRequestMessage(HttpMethod.Get, new Uri(url)));

    private Task<Reply> ControlAsync(string method, string path, string? body = null) =>
        sim.Send(new HttpRequestMessage(new HttpMethod(method), new Uri(sim.Host.ControlUrl, path)) { Content = body is null ? null : new StringContent(body) });
}
