namespace Sidecar.Broker.Onboarding.Overlays;

/// <summary>The overlay as YAML, and back.</summary>
internal static class OverlayText
{
    private const string KeyDigest = "Shim__Access__ApiKeys__0__Sha256", Identity = "azure.workload.identity/client-id",
        Vault = "Credential__VaultUri", Secret = "Credential__SecretName", Toolsets = "Policy__Toolsets", ReadOnly = "Policy__ReadOnly";

    public static string Of(UserName user, OverlayFacts facts)
    {
        List<string> broker = [$"{Vault}={facts.Vault.GetLeftPart(UriPartial.Authority)}", $"{Secret}={facts.SecretName}"];
        if (facts.Wish.Toolsets.Count > 0) broker.Add($"{Toolsets}={string.Join(',', facts.Wish.Toolsets)}");
        if (facts.Wish.ReadOnly) broker.Add($"{ReadOnly}=true");
        List<string> shim = facts.KeyDigest is { } digest ? ["Shim__Access__ApiKeys__0__Name=client", $"{KeyDigest}={digest}"] : [];
        List<string> lines =
        [
            $"# {user.Email}, written by: broker onboard",
            "resources: [../../base]",
            $"namePrefix: {user.SecretName}-",
            $"labels: [{{pairs: {{sidecar/user: {user.Slug}}}, includeSelectors: true}}]",
            "configMapGenerator:",
            $"- {{name: broker, behavior: merge, literals: [{Quoted(broker)}]}}",
        ];
        if (shim.Count > 0) lines.Add($"- {{name: shim, behavior: merge, literals: [{Quoted(shim)}]}}");
        if (facts.AzureClientId is { } clientId)
        {
            lines.Add("patches:");
            lines.Add($"- patch: '{{apiVersion: v1, kind: ServiceAccount, metadata: {{name: sidecar, annotations: {{{Identity}: {clientId}}}}}}}'");
        }

        return string.Join('\n', lines) + "\n";
    }

    public static OverlayFacts? Parse(string text)
    {
        if (CommonOptions.Https(After(text, $"{Vault}=")) is not { } vault || After(text, $"{Secret}=") is not { } secret) return null;
        var toolsets = After(text, $"{Toolsets}=", untilComma: false)?.Split(',') ?? [];
        return new OverlayFacts(
            vault, secret, new AccessWish(toolsets, After(text, $"{ReadOnly}=") == "true"), After(text, $"{Identity}: "), After(text, $"{KeyDigest}="));
    }

    private static string Quoted(IEnumerable<string> literals) => string.Join(", ", literals.Select(literal => $"\"{literal}\""));

    private static string? After(string text, string key, bool untilComma = true)
    {
        var start = text.IndexOf(key, StringComparison.Ordinal);
        if (start < 0) return null;
        start += key.Length;
        var end = text.AsSpan(start).IndexOfAny(untilComma ? "\"},\n" : "\"\n");
        return end < 0 ? null : text.Substring(start, end);
    }
}
