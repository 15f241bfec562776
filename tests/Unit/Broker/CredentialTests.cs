using System.Text.Json;
using CsCheck;
using Shouldly;
using Sidecar.Broker.Credentials;
using Xunit;

namespace Sidecar.Tests.Unit.Broker;

public class CredentialTests
{
    private const string Good = """
        {"kind":"cloud","client_id":"1000.A","client_secret":"hush1","refresh_token":"hush2","accounts_url":"https://accounts.zoho.eu",
         "base_url":"https://desk.example.com","portal":"itdesk","technician_email":"anna@example.com"}
        """;

    private const string GoodOnPrem = """
        {"kind":"on_prem","base_url":"https://desk.example.com:8443","portal":"1","technician_key":"hush-0123","technician_email":"anna@example.com"}
        """;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("\"portal\":\"itdesk\"", "\"portal\":\"itdesk\"", "https://desk.example.com/app/itdesk/api/v3/")]
    [InlineData("\"portal\":\"itdesk\",", "", "https://desk.example.com/api/v3/")]
    [InlineData("\"portal\":\"itdesk\"", "\"portal\":null", "https://desk.example.com/api/v3/")]
    [InlineData("\"portal\":\"itdesk\"", "\"portal\":\"7\"", "https://desk.example.com/app/7/api/v3/")]
    [InlineData("\"base_url\":\"https://desk.example.com\"", "\"base_url\":\"https://desk.example.com:8443/\"", "https://desk.example.com:8443/app/itdesk/api/v3/")]
    public void A_credential_says_where_the_api_begins(string part, string replacement, string url)
    {
        foreach (var json in new[] { Changed(part, replacement), "\uFEFF" + Changed(part, replacement) })
        {
            CredentialJson.TryParse(json, "v1", out var credential, out var problem).ShouldBeTrue(problem);
            credential!.ApiUrl.ToString().ShouldBe(url);
            credential.ToString().ShouldNotContain("hush");
        }
    }

    [Theory]
    [InlineData("\"kind\":\"cloud\",", "", "\"kind\" is missing")]
    [InlineData("\"cloud\"", "\"moon\"", "\"kind\" is neither \"cloud\" nor \"on_prem\"")]
    [InlineData("\"cloud\"", "\"on_prem\"", "\"technician_key\" is missing")]
    [InlineData("\"cloud\"", "\"on_prem\"", "\"client_secret\" is not a member")]
    [InlineData("\"client_id\"", "\"technician_key\":\"hush3\",\"client_id\"", "\"technician_key\" is not a member")]
    [InlineData("\"hush1\"", "\" \"", "\"client_secret\" is missing")]
    [InlineData("\"hush2\"", "7", "\"refresh_token\" is not text")]
    [InlineData("\"itdesk\"", "7", "\"portal\" is not text")]
    [InlineData("\"itdesk\"", "\"..\"", "\"portal\" is not a segment")]
    [InlineData("\"itdesk\"", "\"a/b\"", "\"portal\" is not a segment")]
    [InlineData("https://desk.example.com", "http://desk.example.com", "\"base_url\" is not an https URL")]
    [InlineData("https://desk.example.com", "https://a:b@desk.example.com", "\"base_url\" is not an https URL")]
    [InlineData("https://desk.example.com", "https://desk.example.com/app/itdesk", "\"base_url\" has a path")]
    [InlineData("https://accounts.zoho.eu", "accounts.zoho.eu", "\"accounts_url\" is not an https URL")]
    [InlineData("anna@example.com", "anna", "\"technician_email\" is not an e-mail address")]
    [InlineData("\"kind\"", "\"Kind\"", "\"kind\" is missing")]
    [InlineData("\"client_id\"", "\"hush3\":1,\"client_id\"", "one member is not a member of a credential")]
    [InlineData("\"client_id\"", "\"clientid\":1,\"client_id\"", "\"clientid\" is not a member of a credential")]
    public void What_is_wrong_is_named_and_not_quoted(string part, string replacement, string expected)
    {
        CredentialJson.TryParse(Changed(part, replacement), "v1", out var credential, out var problem).ShouldBeFalse();
        credential.ShouldBeNull();
        problem.ShouldContain(expected);
        problem.ShouldNotContain("hush");
    }

    [Theory]
    [InlineData("\"portal\":\"1\",", "")]
    [InlineData("\"portal\":\"1\"", "\"portal\":\"7\"")]
    public void A_credential_on_premises_says_where_the_api_begins_and_prints_no_key(string part, string replacement)
    {
        CredentialJson.TryParse(GoodOnPrem.Replace(part, replacement, StringComparison.Ordinal), "v1", out var credential, out var problem).ShouldBeTrue(problem);
        credential.ShouldBeOfType<OnPremCredential>().TechnicianKey.Reveal().ShouldBe("hush-0123");
        credential.ApiUrl.ToString().ShouldBe("https://desk.example.com:8443/api/v3/");
        credential.Kind.ShouldBe("on_prem");
        credential.ToString().ShouldNotContain("hush");
    }

    [Theory]
    [InlineData("hush-0123", "hush 0123")]
    [InlineData("hush-0123", "hush\\n0123")]
    [InlineData("hush-0123", "hush-é")]
    public void A_key_that_fits_in_no_header_is_refused_and_not_quoted(string part, string replacement)
    {
        CredentialJson.TryParse(GoodOnPrem.Replace(part, replacement, StringComparison.Ordinal), "v1", out _, out var problem).ShouldBeFalse();
        problem.ShouldBe("\"technician_key\" holds a character that no key has");
    }

    [Theory]
    [InlineData("{\"kind\":\"on_prem\",\"portal\":\"..\",\"refresh_token\":\"hush\",\"accounts_url\":\"x\"}")]
    [InlineData("{\"technician_key\":\"hush key\",\"portal\":\"..\",\"refresh_token\":\"hush\",\"accounts_url\":\"x\"}")]
    public void All_problems_of_a_credential_on_premises_are_named_at_once(string json)
    {
        CredentialJson.TryParse(json, "v1", out _, out var problem).ShouldBeFalse();
        foreach (var member in new[] { "base_url", "portal", "technician_key", "technician_email", "refresh_token", "accounts_url" }) problem.ShouldContain($"\"{member}\"");
        problem.ShouldNotContain("client_secret");
        problem.ShouldNotContain("hush");
    }

    [Theory]
    [InlineData("")]
    [InlineData("hush")]
    [InlineData("{\"client_secret\":\"hush\"")]
    [InlineData("{\"client_secret\" \"hush\"}")]
    [InlineData("[\"hush\"]")]
    [InlineData("\"hush\"")]
    [InlineData("null")]
    [InlineData("{\"hush\\ud800\":\"\\udc00\"}")]
    [InlineData("{\"kind\":\"\\ud800hush\"}")]
    public void What_is_no_credential_is_refused_without_being_quoted(string json)
    {
        CredentialJson.TryParse(json, "v1", out _, out var problem).ShouldBeFalse();
        problem.ShouldNotBeEmpty();
        problem.ShouldNotContain("hush");
    }

    [Fact]
    public void All_problems_are_named_at_once()
    {
        CredentialJson.TryParse("{}", "v1", out _, out var problem).ShouldBeFalse();
        foreach (var member in new[] { "kind", "client_id", "client_secret", "refresh_token", "accounts_url", "base_url", "technician_email" }) problem.ShouldContain($"\"{member}\"");
    }

    [Fact]
    public void No_text_makes_the_reader_throw() => Gen.Select(Gen.Int[0, 300], Gen.Char, Gen.Int[0, 20]).Sample((at, character, length) =>
    {
        var json = Good.Remove(Math.Min(at, Good.Length - length), length).Insert(Math.Min(at, Good.Length - length), character.ToString());
        CredentialJson.TryParse(json, "v1", out _, out var problem);
        problem.ShouldNotContain("hush");
    }, iter: 2000);

    [Fact]
    public void A_secret_prints_as_a_placeholder_however_it_is_printed()
    {
        var secret = new Secret("hush");
        $"{secret} {JsonSerializer.Serialize(secret)} {secret.ToString()}".ShouldNotContain("hush");
        secret.Equals(new Secret("hush")).ShouldBeTrue();
        secret.Equals(new Secret("other")).ShouldBeFalse();
        secret.Reveal().ShouldBe("hush");
    }

    private static string Changed(string part, string replacement)
    {
        Good.ShouldContain(part);
        return Good.Replace(part, replacement, StringComparison.Ordinal);
    }
}
