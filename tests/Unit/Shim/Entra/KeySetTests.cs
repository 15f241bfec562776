using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Shouldly;
using Sidecar.Shim.Access.Entra;
using Xunit;

namespace Sidecar.Tests.Unit.Shim.Entra;

public class KeySetTests
{
    private const string Tenant = "11111111-2222-3333-4444-555555555555";
    private const string Issuer = $"https://login.example/{Tenant}/v2.0";

    private static readonly string Modulus = Base64Url.EncodeToString(RSA.Create(2048).ExportParameters(false).Modulus);
    private static readonly string ShortModulus = Base64Url.EncodeToString(RSA.Create(1024).ExportParameters(false).Modulus);

    [Theory]
    [InlineData("use", "sig")]
    [InlineData("use", null)]
    [InlineData("alg", "RS256")]
    [InlineData("issuer", Issuer)]
    [InlineData("issuer", "https://login.example/{tenantid}/v2.0")]
    [InlineData("unheard", "of")]
    public void A_key_that_signs_this_tenants_tokens_is_taken(string member, string? value) => Parse(Key(member, value)).Find("id").ShouldNotBeNull();

    [Theory]
    [InlineData("use", "enc")]
    [InlineData("kty", "EC")]
    [InlineData("kty", "oct")]
    [InlineData("alg", "RS384")]
    [InlineData("kid", null)]
    [InlineData("kid", "")]
    [InlineData("n", null)]
    [InlineData("n", "not base64url!")]
    [InlineData("e", null)]
    [InlineData("issuer", "https://login.example/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0")]
    public void Any_other_is_left_out(string member, string? value) => Parse(Key(member, value)).Count.ShouldBe(0);

    [Fact]
    public void One_that_is_too_short_is_left_out() => Parse(Key("n", ShortModulus)).Count.ShouldBe(0);

    [Fact]
    public void One_bad_key_does_not_keep_the_others_out() => Parse(Key("n", "!"), "7", "null", Key("use", "sig")).Count.ShouldBe(1);

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"keys":{}}""")]
    [InlineData("""{"keys":[""")]
    public void What_is_no_key_set_is_an_error(string json) => Should.Throw<JsonException>(() => KeySet.Parse(Encoding.UTF8.GetBytes(json), Issuer, Tenant));

    private static string Key(string member, string? value)
    {
        var key = new JsonObject { ["kty"] = "RSA", ["kid"] = "id", ["n"] = Modulus, ["e"] = "AQAB" };
        if (value is null) key.Remove(member);
        else key[member] = value;
        return key.ToJsonString();
    }

    private static KeySet Parse(params string[] keys) => KeySet.Parse(Encoding.UTF8.GetBytes($$"""{"keys":[{{string.Join(',', keys)}}]}"""), Issuer, Tenant);
}
