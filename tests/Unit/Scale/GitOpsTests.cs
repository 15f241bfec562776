using Shouldly;
using Sidecar.Scale.Model;
using Xunit;

namespace Sidecar.Tests.Unit.Scale;

public class GitOpsTests
{
    [Fact]
    public void Groups_are_fewer_Applications_and_nobody_is_left_out()
    {
        var inputs = Examples.Inputs(("git.group", 50), ("git.render_user", 0.2), ("git.render_group", 2), ("argo.renders", 10));
        GitOps.OfUsers(1_001, inputs).ShouldSatisfyAllConditions(git => git.Applications.ShouldBe(1_001), git => git.RenderSeconds.ShouldBe(20.02, 1e-9));
        GitOps.OfGroups(1_001, inputs).ShouldSatisfyAllConditions(git => git.Applications.ShouldBe(21), git => git.RenderSeconds.ShouldBe(4.2, 1e-9));
    }
}
