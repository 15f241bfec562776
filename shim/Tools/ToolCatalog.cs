using Sidecar.Contract;

namespace Sidecar.Shim.Tools;

/// <summary>Every tool of the contract, made once at start.</summary>
internal sealed class ToolCatalog
{
    private readonly Dictionary<string, CatalogTool> _byName;

    public ToolCatalog(Catalog contract)
    {
        Tools = [.. contract.Tools.Select(operation => new CatalogTool(contract, operation))];
        _byName = Tools.ToDictionary(tool => tool.Name, StringComparer.Ordinal);
    }

    /// <summary>In the order of the contract, so that a list is the same every time.</summary>
    public IReadOnlyList<CatalogTool> Tools { get; }

    public CatalogTool? Find(string name) => _byName.GetValueOrDefault(name);
}
