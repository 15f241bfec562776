using System.Text.Json.Nodes;
using Shouldly;
using Sidecar.Broker.Onboarding.Clients;
using Sidecar.Shim.Access;
using Xunit;

namespace Sidecar.Tests.Unit.Onboarding;

public class ClientKeyTests
{
    [Fact]
    public void A_key_is_of_the_form_that_the_shim_makes_and_known_by_the_digest_that_the_shim_takes()
    {
        var (key, own) = (ClientKey.Create(), ApiKey.Generate());
        key.Digest.ShouldBe(ApiKey.DigestOf(key.Key.Reveal()));
        key.Key.Reveal().Length.ShouldBe(own.Length);
        key.Key.Reveal().Split('_')[0].ShouldBe(own.Split('_')[0]);
        key.Key.Reveal().ShouldMatch("^sdpshim_[A-Za-z0-9_-]{43}$");
    }

    [Fact]
    public void No_two_keys_are_the_same() => Enumerable.Range(0, 100).Select(_ => ClientKey.Create().Digest).Distinct().Count().ShouldBe(100);

    [Fact]
    public void A_key_does_not_show_in_text_that_is_made_of_it()
    {
        var key = ClientKey.Create();
        $"{key}".ShouldNotContain(key.Key.Reveal());
        $"{ClientConfiguration.Of(new Uri(ClientConfiguration.DefaultUrl), key.Key)}".ShouldNotContain(key.Key.Reveal());
    }

    [Theory]
    [InlineData("http://127.0.0.1:8080/mcp")]
    [InlineData("https://mcp.example.com/ada/mcp?a=1&b=%22x%22")]
    public void The_clients_configuration_has_the_url_and_the_key(string url)
    {
        var key = ClientKey.Create();
        var text = ClientConfiguration.Of(new Uri(url), key.Key).Reveal();
        var server = JsonNode.Parse(text)!["mcpServers"]!["servicedesk-plus"]!;
        server["url"]!.GetValue<string>().ShouldBe(url);
        server["headers"]!["X-API-Key"]!.GetValue<string>().ShouldBe(key.Key.Reveal());
        text.ShouldContain(url);
        text.Split('\n').Length.ShouldBeGreaterThan(5);
    }
}
