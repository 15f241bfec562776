using Shouldly;
using Sidecar.Broker.Credentials;
using Sidecar.Broker.Onboarding.Verify;
using Xunit;

namespace Sidecar.Tests.Unit.Broker.Onboarding;

/// <summary>Accounts servers and instances that are known cannot be in a test's hand: they are judged by their names.</summary>
public sealed class DataCentreCheckTests
{
    [Theory]
    [InlineData("accounts.zoho.eu", "sdpondemand.manageengine.eu", "Good", "both of EU", null)]
    [InlineData("accounts.zoho.com", "sdpondemand.manageengine.eu", "Bad", "of US and the instance of EU", "--dc eu")]
    [InlineData("accounts.zohocloud.ca", "servicedeskplus.ca", "Good", "both of CA", null)]
    [InlineData("accounts.zoho.ca", "servicedeskplus.ca", "Good", "both of CA", null)]
    [InlineData("accounts.zoho.in", "help.example.com", "Good", "of IN; the instance has a domain of its own", null)]
    [InlineData("accounts.example.com", "servicedeskplus.jp", "Note", "the instance is of JP", "accounts.zoho.jp")]
    [InlineData("accounts.example.com", "help.example.com", "Note", "cannot be compared", null)]
    public void Data_centres_that_are_known_to_disagree_are_told(string accounts, string instance, string verdict, string text, string? remedy)
    {
        var credential = new CloudCredential(
            "1000.CLIENT", new Secret("hush"), new Secret("hush"), new Uri($"https://{accounts}"), new Uri($"https://{instance}"), null, "anna@example.com", "v1");
        var finding = DataCentreCheck.Of(credential).ShouldNotBeNull();
        finding.Verdict.ToString().ShouldBe(verdict);
        finding.Text.ShouldContain(text);
        if (remedy is null) finding.Remedy.ShouldBeNull();
        else finding.Remedy.ShouldNotBeNull().ShouldContain(remedy);
    }

    [Fact]
    public void An_instance_on_premises_has_no_data_centre() => DataCentreCheck.Of(HeldCredential.OnPrem("v1")).ShouldBeNull();
}
