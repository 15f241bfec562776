namespace Sidecar.Soak.Findings;

/// <summary>Resident memory of one program, from when it was last started and warm.</summary>
internal sealed class Memory(string name)
{
    private const double MostGrowth = 1.5, Negligible = 32e6;

    private readonly List<(double Seconds, double Bytes)> _samples = [];

    /// <summary>Name of the program.</summary>
    public string Name => name;

    /// <summary>How many samples there are.</summary>
    public int Count => _samples.Count;

    /// <summary>Mean of the second tenth of the time, in bytes.</summary>
    public double Early => Mean(_samples.Count / 10, Tenth);

    /// <summary>Mean of the last tenth, in bytes.</summary>
    public double Late => Mean(_samples.Count - Tenth, Tenth);

    /// <summary>Growth by least squares, in bytes a minute.</summary>
    public double Slope
    {
        get
        {
            if (_samples.Count < 2) return 0;
            double x = _samples.Average(sample => sample.Seconds), y = _samples.Average(sample => sample.Bytes);
            return 60 * _samples.Sum(sample => (sample.Seconds - x) * (sample.Bytes - y)) / _samples.Sum(sample => (sample.Seconds - x) * (sample.Seconds - x));
        }
    }

    /// <summary>True unless it clearly leaks.</summary>
    public bool IsFlat => _samples.Count >= 10 && (Late < Early * MostGrowth || Late - Early < Negligible);

    /// <summary>Adds a sample of a program that has been up for a while.</summary>
    public void Add(TimeSpan at, long bytes) => _samples.Add((at.TotalSeconds, bytes));

    /// <summary>Begins anew: the program was started again.</summary>
    public void Clear() => _samples.Clear();

    private int Tenth => Math.Max(1, _samples.Count / 10);

    private double Mean(int from, int count) => _samples.Count == 0 ? 0 : _samples.Skip(from).Take(count).Average(sample => sample.Bytes);
}
