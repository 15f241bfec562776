using System.Text.RegularExpressions;
using Shouldly;
using Sidecar.Broker.Callers;
using Sidecar.Broker.Credentials;
using Sidecar.Broker.Policy;
using Sidecar.Broker.Sdp;
using Sidecar.Broker.Tls;
using Sidecar.Broker.Tokens;
using Sidecar.Contract;
using Sidecar.Shim.Settings;
using Xunit;

namespace Sidecar.Tests.Unit.Docs;

/// <summary>The manual and its companions say what the code does, as far as that can be compared.</summary>
public partial class ReadmeTests
{
    private static readonly Document Readme = new("README.md");

    [Fact]
    public void The_tables_of_settings_have_every_setting_and_no_other() =>
        Readme.Tables("setting").Select(row => row[0]).ShouldBe(BrokerDefaults.Keys.Concat(ShimSettings), ignoreOrder: true);

    [Fact]
    public void Defaults_of_the_broker_are_those_of_the_code()
    {
        foreach (var row in Readme.Tables("setting").Where(row => BrokerDefaults.GetValueOrDefault(row[0]) is { Length: > 0 }))
            row[1].ShouldBe(BrokerDefaults[row[0]], row[0], StringCompareShould.IgnoreCase);
    }

    [Fact]
    public void Defaults_of_the_shim_are_those_of_the_code()
    {
        var settings = SettingsReader.Read(new Microsoft.Extensions.Configuration.ConfigurationBuilder().Build());
        var defaults = Readme.Tables("setting").Where(row => row[0].StartsWith("Shim__", StringComparison.Ordinal)).ToDictionary(row => row[0], row => row[1]);
        defaults["Shim__Broker"].ShouldBe(settings.Broker.Text);
        defaults["Shim__Listen"].ShouldBe(settings.Listen.ReachableUrl.GetLeftPart(UriPartial.Authority));
        defaults["Shim__CallTimeout"].ShouldBe(settings.CallTimeout.ToString());
        defaults["Shim__DrainTimeout"].ShouldBe(settings.DrainTimeout.ToString());
        defaults["Shim__MaxRequestBytes"].ShouldBe($"{settings.MaxRequestBytes}");
    }

    [Fact]
    public void No_setting_is_mentioned_that_does_not_exist()
    {
        var known = BrokerDefaults.Keys.Concat(ShimSettings).ToList();
        foreach (var document in Document.All().Select(path => new Document(path)))
            SettingNames().Matches(document.Text).Select(match => match.Value).Except(known).ShouldBeEmpty();
    }

    [Fact]
    public void The_scopes_to_ask_Zoho_for_are_the_contracts()
    {
        var line = Readme.Text.Split('\n').Single(line => line.StartsWith("SDPOnDemand.", StringComparison.Ordinal));
        line.Split(',').ShouldBe(Catalog.Current.Operations.SelectMany(operation => operation.Scopes).Distinct(), ignoreOrder: true);
    }

    [Fact]
    public void Links_between_documents_lead_somewhere()
    {
        foreach (var path in Document.All()) new Document(path).BrokenLinks().ShouldBeEmpty(path);
    }

    [Fact]
    public void Tests_that_the_security_document_names_exist()
    {
        var named = TestClasses().Matches(new Document("SECURITY.md").Text).Select(match => match.Value).Distinct().ToList();
        named.ShouldNotBeEmpty();
        named.Except(Document.TestClasses()).ShouldBeEmpty();
    }

    // By name, as the code spells it; empty where there is none or it is no single value.
    private static Dictionary<string, string> BrokerDefaults { get; } = new[]
    {
        Defaults("Broker", new BrokerOptions()),
        Defaults("Credential", new CredentialOptions()),
        Defaults("Sdp", new SdpOptions()),
        Defaults("Policy", new PolicyOptions()),
        Defaults("Tls", new TlsOptions()),
        Defaults("Tokens", new TokensOptions()),
    }.SelectMany(defaults => defaults).ToDictionary();

    private static IEnumerable<string> ShimSettings =>
        KnownSettings.Names.Select(name => $"Shim__{name.Replace(":", "__", StringComparison.Ordinal).Replace('#', '0')}").Append("Tls__CaFile").Append("AllowedHosts");

    private static IEnumerable<KeyValuePair<string, string>> Defaults(string section, object options) => options.GetType().GetProperties()
        .Where(property => property.CanWrite)
        .Select(property => KeyValuePair.Create($"{section}__{property.Name}", property.GetValue(options) is { } value and not Array ? $"{value}" : ""));

    [GeneratedRegex("(Broker|Credential|Sdp|Policy|Tls|Tokens|Shim)__[A-Z][A-Za-z0-9_]*[A-Za-z0-9]")]
    private static partial Regex SettingNames();

    [GeneratedRegex("[A-Z][A-Za-z]+Tests")]
    private static partial Regex TestClasses();
}
