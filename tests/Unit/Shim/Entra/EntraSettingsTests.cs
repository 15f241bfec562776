using Shouldly;
using Sidecar.Shim.Settings;
using Xunit;

namespace Sidecar.Tests.Unit.Shim.Entra;

public class EntraSettingsTests
{
    private const string Id = "11111111-2222-3333-4444-555555555555";

    [Fact]
    public void Three_settings_are_enough()
    {
        var entra = SettingsTests.Read(Good()).Entra!;
        entra.Issuer.ShouldBe($"https://login.microsoftonline.com/{Id}/v2.0");
        entra.Scope.ShouldBe($"api://{Id}/access_as_user");
        entra.ScopeName.ShouldBe("access_as_user");
        entra.Owner.ObjectId.ShouldBe(Guid.Parse(Id));
        SettingsTests.Read().Entra.ShouldBeNull();
    }

    [Theory]
    [InlineData("use", "api://" + Id + "/use", "use")]
    [InlineData("https://mcp.example.com/mcp/use", "https://mcp.example.com/mcp/use", "use")]
    public void A_permission_is_named_shortly_or_wholly(string set, string scope, string name)
    {
        var entra = SettingsTests.Read(Good(("Scope", set))).Entra!;
        (entra.Scope, entra.ScopeName).ShouldBe((scope, name));
    }

    [Theory]
    [InlineData("TenantId", "common")]
    [InlineData("TenantId", "example.onmicrosoft.com")]
    [InlineData("TenantId", "00000000-0000-0000-0000-000000000000")]
    [InlineData("TenantId", "")]
    [InlineData("Audience", "api://" + Id)]
    [InlineData("Audience", "")]
    [InlineData("Owner", "")]
    [InlineData("Owner", "ada")]
    [InlineData("Owner", "ada@")]
    [InlineData("Owner", "@example.com")]
    [InlineData("Owner", "a@b@example.com")]
    [InlineData("Owner", "ada lovelace@example.com")]
    [InlineData("Owner", "jürgen@example.com")]
    [InlineData("Owner", "*")]
    [InlineData("Owner", "00000000-0000-0000-0000-000000000000")]
    [InlineData("Authority", "http://login.microsoftonline.com")]
    [InlineData("Authority", "https://login.microsoftonline.com/common")]
    [InlineData("Authority", "login.microsoftonline.com")]
    [InlineData("Authority", "https://user@login.microsoftonline.com")]
    [InlineData("Scope", "a b")]
    [InlineData("Scope", "api://x/")]
    [InlineData("Scope", "api://x/\"")]
    [InlineData("ResourceUrl", "http://mcp.example.com/mcp")]
    [InlineData("ResourceUrl", "mcp.example.com")]
    [InlineData("ResourceUrl", "https://mcp.example.com/mcp?x=1")]
    [InlineData("ResourceUrl", "https://mcp.example.com/mcp#x")]
    public void A_value_that_does_not_hold_is_refused(string setting, string value) =>
        Problems(Good((setting, value))).ShouldHaveSingleItem().ShouldContain($"Shim__Access__Entra__{setting}");

    [Fact]
    public void All_problems_are_reported_at_once() => Problems(
        ("Shim:Access:Entra:Scope", "a b"), ("Shim:Access:Entra:Authority", "x"), ("Shim:Access:Entra:ResourceUrl", "y"), ("Shim:Access:Entra:Tenant", "z"),
        ("Tls:CaFile", "/nowhere/ca.pem"), ("Tls:CaPath", "/x")).Count.ShouldBe(9);

    [Fact]
    public void With_Entra_alone_the_shim_may_listen_beyond_loopback_under_any_name() =>
        SettingsTests.Read([.. Good(), ("Shim:Listen", "http://*:9000"), ("AllowedHosts", "*")]).ApiKeys.ShouldBeEmpty();

    [Fact]
    public void A_misspelled_setting_is_not_passed_over() =>
        Problems([.. Good(), ("Shim:Access:Entra:Onwer", "ada@example.com")]).ShouldHaveSingleItem().ShouldContain("Shim__Access__Entra__Owner meant");

    private static (string Key, string Value)[] Good(params (string Name, string Value)[] changes)
    {
        var all = new Dictionary<string, string> { ["TenantId"] = Id, ["Audience"] = Id, ["Owner"] = Id };
        foreach (var (name, value) in changes) all[name] = value;
        return [.. all.Select(pair => ($"Shim:Access:Entra:{pair.Key}", pair.Value))];
    }

    private static IReadOnlyList<string> Problems(params (string Key, string Value)[] settings) =>
        Should.Throw<SettingsException>(() => SettingsTests.Read(settings)).Problems;
}
