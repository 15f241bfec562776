using System.Text.Json.Nodes;

namespace Sidecar.Tests.Manifests.Rendering;

/// <summary>Every combination, rendered once for all tests: many users at a time, each of a site of its own.</summary>
internal static class AllRendered
{
    private const int AtATime = 14;

    private static readonly Lazy<Task<IReadOnlyList<(Rendered Rendered, string[] Texts)>>> All = new(RenderAsync);

    public static async Task<IReadOnlyList<Rendered>> GetAsync() => [.. (await All.Value).Select(one => one.Rendered)];

    /// <summary>The objects as text, whose types a strict reader holds them against.</summary>
    public static async Task<IReadOnlyList<(Rendered Rendered, string[] Texts)>> TextsAsync() => await All.Value;

    public static async Task<Rendered> OfAsync(params string[] components) =>
        (await GetAsync()).First(one => components.All(one.Combination.Has) && one.Combination.Components.Count(component => component != "private-network") == components.Length);

    private static async Task<IReadOnlyList<(Rendered, string[])>> RenderAsync()
    {
        using var scaffold = new Scaffold();
        var users = Combination.All.Select((combination, at) => (Combination: combination, Slug: $"u{at}-b5fc85e557")).ToList();
        var texts = await Task.WhenAll(users.Chunk(AtATime).Select((some, at) =>
        {
            var folders = some.Select(user => scaffold.UserOfSite(user.Slug, user.Combination)).ToList();
            return Kustomize.RenderAsync(scaffold.Folder(scaffold.Write($"batch{at}", $"resources:\n{string.Concat(folders.Select(folder => $"- ../{folder}\n"))}")));
        }));
        var byUser = texts.SelectMany(Yaml.Documents).Select(text => (Text: text, Json: Yaml.Parse(text))).ToLookup(document => SlugOf(document.Json));
        return [.. users.Select(user => (new Rendered(user.Combination, user.Slug, [.. byUser[user.Slug].Select(one => one.Json)]), byUser[user.Slug].Select(one => one.Text).ToArray()))];
    }

    // By the name: whether the label is there is for a rule to say.
    private static string SlugOf(JsonObject document) => string.Join('-', ((string)document["metadata"]!["name"]!).Split('-').Skip(1).Take(2));
}
