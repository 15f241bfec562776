using Sidecar.Contract;
using Sidecar.Shim.Tools;

namespace Sidecar.Tests.Unit.Shim;

/// <summary>The shim's tools as it makes them at start.</summary>
internal static class ShimTools
{
    public static ToolCatalog Catalogue { get; } = new(Catalog.Current);

    public static CatalogTool Named(string name) => Catalogue.Find(name) ?? throw new ArgumentException($"There is no tool {name}.");
}
