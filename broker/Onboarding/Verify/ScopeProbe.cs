using Sidecar.Contract;

namespace Sidecar.Broker.Onboarding.Verify;

/// <summary>For a scope the lists whose reading shows that a token has it: from the contract.</summary>
internal static class ScopeProbe
{
    // Not every instance has every list.
    private const int ListsTried = 3;

    /// <summary>Paths to read until one is known there; empty where only a write, or one certain record, would show the scope.</summary>
    public static IReadOnlyList<string> PathsOf(string scope, bool onPrem)
    {
        foreach (var operation in Catalog.Current.Operations.Where(operation => operation.Access == Access.Read && operation.Scopes.Contains(scope)))
        {
            if (operation.CallAt(onPrem) is { HttpCase: Call.HttpOneofCase.Get } call && !call.Get.Contains('{', StringComparison.Ordinal))
                return call.OrPath.Length > 0 ? [call.Get, call.OrPath] : [call.Get];
            if (operation.Call is null && Lists(operation).Take(ListsTried).SelectMany(paths => paths).ToList() is { Count: > 0 } lists) return lists;
        }

        return [];
    }

    private static IEnumerable<IEnumerable<string>> Lists(Operation operation) => operation.Descriptor.OutputType.Fields.InFieldNumberOrder()
        .Select(field => field.GetOptions()?.GetExtension(AnnotationsExtensions.Field)?.Lookup)
        .Where(lookup => lookup is { Count: > 0 })!;
}
