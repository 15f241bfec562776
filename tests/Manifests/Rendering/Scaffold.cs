namespace Sidecar.Tests.Manifests.Rendering;

/// <summary>Copies of k8s with sites and users of a test's own.</summary>
internal sealed class Scaffold : IDisposable
{
    private const string Entra = ", Shim__Access__Entra__TenantId=11111111-1111-4111-8111-111111111111, Shim__Access__Entra__Audience=22222222-2222-4222-8222-222222222222";

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("sidecar-manifests-");

    public void Dispose() => _root.Delete(recursive: true);

    /// <summary>Settings that these components ask the site for.</summary>
    public static string SettingsFor(Combination combination) => $$"""
        configMapGenerator:
        - {name: shim, behavior: merge, literals: [AllowedHosts=mcp.example.com{{(combination.Has("entra") ? Entra : "")}}]}
        - {name: broker, behavior: merge, literals: [AZURE_TENANT_ID=11111111-1111-4111-8111-111111111111]}

        """;

    /// <summary>A user whose site has these components for all.</summary>
    /// <returns>The user's folder, relative to <see cref="Folder"/>.</returns>
    public string UserOfSite(string name, Combination combination) => User(name, name, SettingsFor(combination) + List(combination, "../components"));

    /// <summary>A user with an overlay on top, which has these components for this user alone.</summary>
    public string UserWithOwn(string name, Combination combination)
    {
        User(name, name, "");
        var own = $"resources: [../{name}]\n{SettingsFor(combination)}{List(combination, "../../components")}";
        return Write($"{name}/users/{name}-own", own);
    }

    /// <summary>A user of a site that says this after what the repository's says.</summary>
    /// <param name="site">Name of the copy.</param>
    /// <param name="slug">The user's slug.</param>
    /// <param name="text">What is added to the site.</param>
    public string User(string site, string slug, string text)
    {
        var root = _root.CreateSubdirectory(site);
        foreach (var part in new[] { "base", "components", "per-user" })
        {
            var link = Path.Combine(root.FullName, part);
            if (!Directory.Exists(link)) Directory.CreateSymbolicLink(link, Repository.PathOf($"k8s/{part}"));
        }

        Write($"{site}/site", File.ReadAllText(Repository.PathOf("k8s/site/kustomization.yaml")) + text);
        return Write($"{site}/users/{slug}", File.ReadAllText(Repository.PathOf("k8s/users/example/kustomization.yaml")).Replace("ada-b5fc85e557", slug, StringComparison.Ordinal));
    }

    /// <summary>A kustomization of a test's own.</summary>
    public string Write(string folder, string text)
    {
        File.WriteAllText(Path.Combine(_root.CreateSubdirectory(folder).FullName, "kustomization.yaml"), text);
        return folder;
    }

    public string Folder(string folder) => Path.Combine(_root.FullName, folder);

    private static string List(Combination combination, string path) =>
        combination.Components.Count == 0 ? "" : $"components:\n{string.Concat(combination.Components.Select(component => $"- {path}/{component}\n"))}";
}
