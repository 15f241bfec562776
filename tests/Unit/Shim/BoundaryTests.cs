using Shouldly;
using Sidecar.Shim.Tools;
using Xunit;

namespace Sidecar.Tests.Unit.Shim;

public class BoundaryTests
{
    [Fact]
    public void The_shim_knows_neither_azure_nor_the_broker()
    {
        var references = typeof(ToolCatalog).Assembly.GetReferencedAssemblies().Select(assembly => assembly.Name!).ToList();
        references.ShouldContain("Sidecar.Contract");
        references.ShouldNotContain(name => name.StartsWith("Azure", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("Microsoft.Identity.", StringComparison.OrdinalIgnoreCase)
            || name.Equals("broker", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("Sidecar.Broker", StringComparison.OrdinalIgnoreCase));
    }
}
