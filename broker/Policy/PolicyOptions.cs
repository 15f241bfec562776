using Microsoft.Extensions.Options;
using Sidecar.Contract;

namespace Sidecar.Broker.Policy;

/// <summary>What the broker may be asked for: settings <c>Policy__…</c>. Lists are comma separated or indexed.</summary>
internal sealed class PolicyOptions
{
    /// <summary>Refuse every operation that changes something. Default: false.</summary>
    public bool ReadOnly { get; set; }

    /// <summary>Toolsets served; empty: all. The toolset "core" is always served.</summary>
    public string[] Toolsets { get; set; } = [];

    /// <summary>Tools served; empty: all.</summary>
    public string[] Allow { get; set; } = [];

    /// <summary>Tools refused, whatever else allows them.</summary>
    public string[] Deny { get; set; } = [];
}

internal sealed class PolicyOptionsValidator : IValidateOptions<PolicyOptions>
{
    public ValidateOptionsResult Validate(string? name, PolicyOptions options)
    {
        var tools = Catalog.Current.Tools.Select(operation => operation.Tool!.Name).ToList();
        // A policy that names nothing real would protect nothing.
        List<string> problems =
        [
            .. Unknown("Policy__Toolsets", options.Toolsets, "toolset", Catalog.Current.Toolsets),
            .. Unknown("Policy__Allow", options.Allow, "tool", tools),
            .. Unknown("Policy__Deny", options.Deny, "tool", tools),
        ];
        return problems.Count > 0 ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
    }

    private static IEnumerable<string> Unknown(string setting, string[] names, string what, IReadOnlyCollection<string> known) =>
        from name in names
        where !known.Contains(name)
        select $"{setting}: there is no {what} \"{name}\". Known: {string.Join(", ", known)}.";
}
