using System.Text.Json;

namespace Sidecar.Tests.Containers.Harness;

/// <summary>What README.md tells a person to type, under one heading.</summary>
public sealed class ReadmeSection
{
    private const string Fence = "```";
    private readonly string[] _parts;

    public ReadmeSection(string heading)
    {
        var lines = File.ReadAllLines(Repository.PathOf("README.md"));
        var own = lines.SkipWhile(line => line != heading).Skip(1).TakeWhile(line => !line.StartsWith('#'));
        // Every other part is between fences.
        _parts = string.Join('\n', own).Split(Fence);
        if (_parts.Length < 3) throw new InvalidOperationException($"README.md has nothing to type under '{heading}'.");
    }

    /// <summary>The blocks of commands, in order.</summary>
    public IReadOnlyList<string> Commands => [.. Blocks().Where(block => block.StartsWith('\n'))];

    /// <summary>The one block of JSON.</summary>
    public JsonElement Json => JsonDocument.Parse(Blocks().Single(block => block.StartsWith("json\n", StringComparison.Ordinal))["json\n".Length..]).RootElement;

    private IEnumerable<string> Blocks() => _parts.Where((_, at) => at % 2 == 1);
}
