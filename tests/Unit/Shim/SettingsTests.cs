using Microsoft.Extensions.Configuration;
using Shouldly;
using Sidecar.Shim.Settings;
using Xunit;

namespace Sidecar.Tests.Unit.Shim;

public class SettingsTests
{
    private static readonly string Digest = new('a', 64);

    [Fact]
    public void Nothing_need_be_set()
    {
        var settings = Read();
        settings.Broker.Text.ShouldBe("http://127.0.0.1:7410");
        settings.Listen.ReachableUrl.ToString().ShouldBe("http://127.0.0.1:8080/");
        settings.CallTimeout.ShouldBe(TimeSpan.FromMinutes(2));
        settings.DrainTimeout.ShouldBe(TimeSpan.FromSeconds(30));
        settings.MaxRequestBytes.ShouldBe(1 << 20);
        settings.ApiKeys.ShouldBeEmpty();
        settings.AllowedHosts.ShouldBe(["localhost", "127.0.0.1", "[::1]"]);
    }

    [Theory]
    [InlineData("http://localhost:7410")]
    [InlineData("http://127.0.0.9:7410")]
    [InlineData("http://[::1]:7410")]
    [InlineData("unix:/run/sidecar/broker.sock")]
    public void The_broker_may_be_on_this_machine(string broker) => Read(("Shim:Broker", broker)).Broker.Text.ShouldBe(broker);

    [Theory]
    [InlineData("Shim:Broker", "http://10.0.0.7:7410")]
    [InlineData("Shim:Broker", "http://broker:7410")]
    [InlineData("Shim:Broker", "http://127.0.0.1.evil.example:7410")]
    [InlineData("Shim:Broker", "https://127.0.0.1:7410")]
    [InlineData("Shim:Broker", "http://127.0.0.1:7410/path")]
    [InlineData("Shim:Broker", "unix:broker.sock")]
    [InlineData("Shim:Broker", "127.0.0.1:7410")]
    [InlineData("Shim:Listen", "https://127.0.0.1:8080")]
    [InlineData("Shim:Listen", "http://example.com:8080")]
    [InlineData("Shim:Listen", "http://127.0.0.1:99999")]
    [InlineData("Shim:Listen", "http://0.0.0.0:8080")]
    [InlineData("Shim:Listen", "http://*:8080")]
    [InlineData("Shim:Listen", "http://[::]:8080")]
    [InlineData("Shim:Listen", "http://192.168.1.4:8080")]
    [InlineData("Shim:CallTimeout", "120")]
    [InlineData("Shim:CallTimeout", "soon")]
    [InlineData("Shim:CallTimeout", "00:00:00")]
    [InlineData("Shim:DrainTimeout", "30")]
    [InlineData("Shim:DrainTimeout", "-00:00:01")]
    [InlineData("Shim:MaxRequestBytes", "10")]
    [InlineData("Shim:MaxRequestBytes", "1MB")]
    [InlineData("Shim:AllowedOrigins:0", "example.com")]
    [InlineData("Shim:AllowedOrigins:0", "https://example.com/path")]
    [InlineData("Shim:Access:ApiKeys:0:Name", "a client")]
    [InlineData("AllowedHosts", "*")]
    public void A_value_that_does_not_hold_is_refused(string setting, string value) => Problems((setting, value)).ShouldHaveSingleItem();

    [Theory]
    [InlineData("Shim:Acess:ApiKeys:0:Sha256", "Shim__Access__ApiKeys__0__Sha256 meant")]
    [InlineData("Shim:Borker", "Shim__Broker meant")]
    [InlineData("Shim:Access:ApiKeys:0:Hash", "is not a setting")]
    public void A_misspelled_setting_is_not_passed_over(string setting, string hint) =>
        Problems((setting, "x"), ("Shim:Access:ApiKeys:0:Sha256", Digest), ("Shim:Access:ApiKeys:0:Name", "a")).ShouldHaveSingleItem().ShouldContain(hint);

    [Fact]
    public void All_problems_are_reported_at_once() =>
        Problems(("Shim:Broker", "x"), ("Shim:Listen", "y"), ("Shim:CallTimeout", "z"), ("Shim:MaxRequestBytes", "-1"), ("Shim:Other", "1")).Count.ShouldBe(5);

    [Fact]
    public void A_digest_that_is_none_is_not_shown_for_it_may_be_the_key()
    {
        var problem = Problems(("Shim:Access:ApiKeys:0:Sha256", "sdpshim_secret"), ("Shim:Access:ApiKeys:0:Name", "a")).ShouldHaveSingleItem();
        problem.ShouldContain("Shim__Access__ApiKeys__0__Sha256");
        problem.ShouldNotContain("secret");
    }

    [Fact]
    public void Two_keys_may_share_neither_name_nor_digest() => Problems(
        ("Shim:Access:ApiKeys:0:Sha256", Digest), ("Shim:Access:ApiKeys:0:Name", "a"),
        ("Shim:Access:ApiKeys:1:Sha256", Digest.ToUpperInvariant()), ("Shim:Access:ApiKeys:1:Name", "a")).Count.ShouldBe(2);

    [Fact]
    public void With_a_key_the_shim_may_listen_beyond_loopback()
    {
        var settings = Read(
            ("Shim:Listen", "http://*:9000"), ("AllowedHosts", "mcp.example.com; localhost"),
            ("Shim:Access:ApiKeys:0:Sha256", Digest), ("Shim:Access:ApiKeys:0:Name", "a"));
        settings.Listen.IsLoopback.ShouldBeFalse();
        settings.Listen.ReachableUrl.ToString().ShouldBe("http://localhost:9000/");
        settings.AllowedHosts.ShouldBe(["localhost", "127.0.0.1", "[::1]", "mcp.example.com"], "the health command calls by a loopback name");
    }

    internal static ShimSettings Read(params (string Key, string Value)[] settings) => SettingsReader.Read(Configuration(settings));

    private static IReadOnlyList<string> Problems(params (string Key, string Value)[] settings) =>
        Should.Throw<SettingsException>(() => Read(settings)).Problems;

    private static IConfigurationRoot Configuration((string Key, string Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)))
        .Build();
}
