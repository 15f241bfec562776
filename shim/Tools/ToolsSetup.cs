using Sidecar.Contract;

namespace Sidecar.Shim.Tools;

/// <summary>The contract's operations as MCP tools.</summary>
internal static class ToolsSetup
{
    public static void AddTools(this IServiceCollection services)
    {
        services.AddSingleton(new ToolCatalog(Catalog.Current));
        services.AddSingleton<ToolLister>();
        services.AddSingleton<ToolCaller>();
    }
}
