using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sidecar.Scale.Inputs;

/// <summary>Puts fresh measurements into docs/scale.inputs.json and leaves its lines as they are.</summary>
internal static class Merge
{
    /// <summary>Both are JSON; the second is an object of names and values. Only what is said to be measured can be measured anew.</summary>
    public static string Into(string inputs, string measurements)
    {
        var known = InputFile.Parse(inputs).Inputs;
        var fresh = JsonNode.Parse(measurements) as JsonObject ?? throw new ArgumentException("Measurements are a JSON object of names and values.");
        foreach (var (name, value) in fresh)
        {
            if (!known.TryGetValue(name, out var input)) throw new ArgumentException($"\"{name}\" is no input.");
            if (input.Source != Source.Measured) throw new ArgumentException($"\"{name}\" is not measured but {input.Source.ToString().ToLowerInvariant()}.");
            if (value?.GetValueKind() != JsonValueKind.Number) throw new ArgumentException($"\"{name}\" has to be a number.");
        }

        return string.Join('\n', inputs.Split('\n').Select(line => Line(line, fresh)));
    }

    // An input is one line, with its value first: a difference shows what changed and nothing else.
    private static string Line(string line, JsonObject fresh)
    {
        foreach (var (name, value) in fresh)
        {
            var start = $"    \"{name}\": {{ \"value\": ";
            if (line.StartsWith(start, StringComparison.Ordinal)) return $"{start}{value!.ToJsonString()}{line[line.IndexOf(',', start.Length)..]}";
        }

        return line;
    }
}
