using System.Globalization;

namespace Sidecar.Density;

/// <summary>The machine's memory, in bytes.</summary>
/// <param name="Available">What the kernel could give to programs.</param>
/// <param name="Own">What this process holds: the simulator is in it, and grows with its users.</param>
internal sealed record Machine(double Available, double Own)
{
    public static Machine Now()
    {
        var available = File.ReadLines("/proc/meminfo").First(line => line.StartsWith("MemAvailable:", StringComparison.Ordinal));
        return new Machine(Kibibytes(available), Environment.WorkingSet);
    }

    /// <summary>What others than this process have taken until then.</summary>
    public double TakenUntil(Machine later) => Available - later.Available - (later.Own - Own);

    /// <summary>A process' share of memory, with shared pages in part.</summary>
    public static double ShareOf(int process) =>
        Kibibytes(File.ReadLines($"/proc/{process}/smaps_rollup").First(line => line.StartsWith("Pss:", StringComparison.Ordinal)));

    private static double Kibibytes(string line) => double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
}
