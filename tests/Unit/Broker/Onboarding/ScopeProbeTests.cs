using Shouldly;
using Sidecar.Broker.Onboarding;
using Sidecar.Broker.Onboarding.Verify;
using Xunit;

namespace Sidecar.Tests.Unit.Broker.Onboarding;

public sealed class ScopeProbeTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_scope_of_reading_in_the_contract_is_shown_by_a_list(bool onPrem)
    {
        var scopes = new AccessWish([], ReadOnly: true).SdpScopes.ToList();
        scopes.ShouldNotBeEmpty();
        foreach (var scope in scopes) ScopeProbe.PathsOf(scope, onPrem).ShouldNotBeEmpty(scope);
    }

    [Fact]
    public void A_scope_of_writing_is_shown_by_none() => ScopeProbe.PathsOf("SDPOnDemand.requests.CREATE", onPrem: false).ShouldBeEmpty();
}
