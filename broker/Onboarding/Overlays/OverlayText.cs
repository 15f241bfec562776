namespace Sidecar.Broker.Onboarding.Overlays;

/// <summary>
/// The overlay as YAML, and back. Only values of a plain alphabet are written, so that none can be taken for a part of the
/// YAML; and only what reads back as exactly the text that would be written for it is taken for ours.
/// </summary>
internal static class OverlayText
{
    private const string Mark = ", written by: broker onboard";

    private const string KeyDigest = "Shim__Access__ApiKeys__0__Sha256", Identity = "azure.workload.identity/client-id",
        Vault = "Credential__VaultUri", Secret = "Credential__SecretName", Toolsets = "Policy__Toolsets", ReadOnly = "Policy__ReadOnly",
        // With the blank before it, which no address has: the comment is full of what people are called.
        Owner = ", \"owner=";

    /// <summary>Name of the user's service account, once the overlay is rendered.</summary>
    public static string ServiceAccount(UserName user) => $"{Prefix(user)}sidecar";

    /// <summary>What is said of a user's name at Entra ID as long as nobody says otherwise: most people's is their address.</summary>
    public static string? OwnerOf(UserName user) => IsOwner(user.Email) ? user.Email : null;

    /// <summary>True for an object id, and for a user principal name of plain letters.</summary>
    public static bool IsOwner(string text) => Guid.TryParseExact(text, "D", out _) ? text.Length == 36
        : text.Length <= 113 && text.IndexOf('@', StringComparison.Ordinal) is var at and > 0 && at < text.Length - 1 && at == text.LastIndexOf('@') && All(text, "@.-_+");

    /// <exception cref="CommandFailure">A value is not what it should be.</exception>
    public static string Of(UserName user, OverlayFacts facts)
    {
        Check("vault", facts.Vault.GetLeftPart(UriPartial.Authority), value => CommonOptions.Https(value) == facts.Vault && All(value, "-.:/[]"));
        Check("secret's name", facts.SecretName, value => value.Length is > 0 and <= 127 && All(value, "-"));
        foreach (var toolset in facts.Wish.Toolsets) Check("toolset", toolset, value => value.Length > 0 && All(value, "-_"));
        // A Guid is read with white space around it.
        Check("Azure client id", facts.AzureClientId, value => value.Length == 36 && Guid.TryParseExact(value, "D", out _));
        Check("key's SHA-256", facts.KeyDigest, value => value.Length == 64 && value.All(char.IsAsciiHexDigitLower));
        Check("name at Entra ID", facts.Owner, IsOwner);

        List<string> broker = [$"{Vault}={facts.Vault.GetLeftPart(UriPartial.Authority)}", $"{Secret}={facts.SecretName}"];
        if (facts.Wish.Toolsets.Count > 0) broker.Add($"{Toolsets}={string.Join(',', facts.Wish.Toolsets)}");
        if (facts.Wish.ReadOnly) broker.Add($"{ReadOnly}=true");
        // The webhook looks at the service account when a pod is made; a setting of the pod's own brings a new pod about.
        if (facts.AzureClientId is { } azure) broker.Add($"AZURE_CLIENT_ID={azure}");
        List<string> lines =
        [
            $"# {Comment(user.Email)}{Mark}",
            "resources: [../../base]",
            "components: [../../site]",
            $"namePrefix: {Prefix(user)}",
            // Without the quotes a slug such as 1e-0123456789 would be a number.
            $"labels: [{{pairs: {{sidecar/user: \"{user.Slug}\"}}, includeSelectors: true}}]",
            "configMapGenerator:",
            Merged("broker", broker),
        ];
        if (facts.KeyDigest is { } digest) lines.Add(Merged("shim", ["Shim__Access__ApiKeys__0__Name=client", $"{KeyDigest}={digest}"]));
        // Not rendered: components make routes and names of it.
        lines.Add(Merged("user", [$"slug={user.Slug}", .. facts.Owner is { } owner ? [$"owner={owner}"] : Array.Empty<string>()]));
        if (facts.AzureClientId is { } clientId)
        {
            lines.Add("patches:");
            lines.Add($"- patch: '{{apiVersion: v1, kind: ServiceAccount, metadata: {{name: sidecar, annotations: {{{Identity}: \"{clientId}\"}}}}}}'");
        }

        return string.Join('\n', lines) + "\n";
    }

    /// <summary>What an overlay of that user says; null if it is not, to the letter, what <see cref="Of"/> writes.</summary>
    public static OverlayFacts? Parse(UserName user, string text)
    {
        if (CommonOptions.Https(After(text, $"{Vault}=")) is not { } vault || After(text, $"{Secret}=") is not { } secret) return null;
        var wish = new AccessWish(After(text, $"{Toolsets}=")?.Split(',') ?? [], After(text, $"{ReadOnly}=") == "true");
        var facts = new OverlayFacts(vault, secret, wish, After(text, $"{Identity}: \""), After(text, $"{KeyDigest}="), After(text, Owner));
        try
        {
            return Of(user, facts) == text.ReplaceLineEndings("\n") ? facts : null;
        }
        catch (CommandFailure)
        {
            return null;
        }
    }

    /// <summary>True if this program wrote it, whatever was done to it later.</summary>
    public static bool IsOurs(string text) => text.Split('\n', 2)[0].TrimEnd('\r') is { } first && first.StartsWith('#') && first.EndsWith(Mark, StringComparison.Ordinal);

    // With what the base adds, "sidecar" at most, a name stays within the 63 characters of a DNS label.
    private static string Prefix(UserName user) => $"{user.SecretName}-";

    private static string Merged(string name, IEnumerable<string> literals) =>
        $"- {{name: {name}, behavior: merge, literals: [{string.Join(", ", literals.Select(literal => $"\"{literal}\""))}]}}";

    private static void Check(string what, string? value, Func<string, bool> holds)
    {
        if (value is not null && !holds(value)) throw new CommandFailure($"\"{value}\" is no {what} that could stand in an overlay.", "Mend it and run the command again.");
    }

    private static bool All(string value, string others) => value.All(c => char.IsAsciiLetterOrDigit(c) || others.Contains(c, StringComparison.Ordinal));

    // Some characters may stand nowhere in YAML, and some turn a line around.
    private static string Comment(string email) => string.Concat(email.Select(c => c is > ' ' and <= '~' || char.IsLetterOrDigit(c) ? c : '?'));

    private static string? After(string text, string key)
    {
        var start = text.IndexOf(key, StringComparison.Ordinal);
        if (start < 0) return null;
        start += key.Length;
        var end = text.AsSpan(start).IndexOfAny('"', '\n');
        return end < 0 ? null : text.Substring(start, end);
    }
}
