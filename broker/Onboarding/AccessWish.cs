using System.Globalization;
using Sidecar.Contract;

namespace Sidecar.Broker.Onboarding;

/// <summary>What a user's pod is to be able to do, and the OAuth scopes which that takes: read from the contract.</summary>
/// <param name="Toolsets">Toolsets wanted; empty: all.</param>
/// <param name="ReadOnly">True: nothing that changes anything.</param>
internal sealed record AccessWish(IReadOnlyList<string> Toolsets, bool ReadOnly)
{
    /// <summary>Lets the one who onboards see whose grant it is; no ServiceDesk Plus data.</summary>
    public const string ProfileScope = "AaaServer.profile.READ";

    private const string AlwaysServed = "core", SdpPrefix = "SDPOnDemand.";

    /// <summary>The tools that are wanted.</summary>
    public IEnumerable<Operation> Tools => Catalog.Current.Tools.Where(operation =>
        (!ReadOnly || operation.Access == Access.Read)
        && (Toolsets.Count == 0 || operation.Tool!.Toolset == AlwaysServed || Toolsets.Contains(operation.Tool!.Toolset)));


    /// <summary>Scopes of ServiceDesk Plus alone.</summary>
    public IEnumerable<string> SdpScopes => Tools.SelectMany(operation => operation.Scopes).Distinct().Order(StringComparer.Ordinal);

    /// <summary>As Zoho's consent and its API console take them.</summary>
    public string ScopeText => string.Join(',', [.. SdpScopes, ProfileScope]);

    /// <summary>Short enough for a tag, such as <c>requests=CRU setup=R</c>.</summary>
    public string ScopeTag => string.Join(' ', SdpScopes.GroupBy(Module).Select(module =>
        $"{module.Key}={string.Concat(module.Select(scope => scope[(scope.LastIndexOf('.') + 1)..][..1].ToUpper(CultureInfo.InvariantCulture)).Order(StringComparer.Ordinal))}"));

    private static string Module(string scope) =>
        (scope.StartsWith(SdpPrefix, StringComparison.Ordinal) ? scope[SdpPrefix.Length..] : scope).Split('.')[0];
}
