using System.Globalization;
using System.Text.Json;

namespace Sidecar.Density.Measuring;

/// <summary>What was measured: by the names of docs/scale.inputs.json, and what a person wants to know beside it.</summary>
internal sealed class Findings
{
    private readonly Dictionary<string, double> _inputs = [];

    /// <summary>A value for docs/scale.inputs.json, in the unit that it has there.</summary>
    public void Add(string input, double value, string unit, string more = "")
    {
        _inputs[input] = Math.Round(value, value < 10 ? 2 : 1);
        Say($"{input} {_inputs[input].ToString(CultureInfo.InvariantCulture)} {unit}{(more.Length > 0 ? $" ({more})" : "")}");
    }

    /// <summary>The median of the containers or pods, with the largest beside it.</summary>
    public void AddMedian(string input, IReadOnlyCollection<double> values, string unit) =>
        Add(input, Median(values), unit, $"median of {values.Count}, largest {values.Max():0.##}");

    /// <summary>At once: whatever is measured next may fail.</summary>
    public static void Say(string line) => Console.WriteLine(line);

    public string ToJson() => JsonSerializer.Serialize(_inputs, Indented) + "\n";

    public static double Median(IReadOnlyCollection<double> values)
    {
        var sorted = values.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
}
