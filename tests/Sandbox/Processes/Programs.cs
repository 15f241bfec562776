namespace Sidecar.Sandbox.Processes;

/// <summary>Where the programs are: beside this one, as the build puts them there, or in a folder of published binaries.</summary>
public sealed record Programs(string Broker, string Shim)
{
    /// <summary>The simulator, which is never published.</summary>
    public static string Simulator => Path.Combine(AppContext.BaseDirectory, "simulator");

    /// <param name="binaries">A folder that holds <c>broker</c> and <c>shim</c>, each as a file or in a folder of its name; null: the build's.</param>
    /// <exception cref="FileNotFoundException">One is missing.</exception>
    public static Programs Locate(string? binaries)
    {
        var folder = Path.GetFullPath(binaries ?? AppContext.BaseDirectory);
        return new Programs(Find(folder, "broker"), Find(folder, "shim"));
    }

    private static string Find(string folder, string program)
    {
        string[] places = [Path.Combine(folder, program), Path.Combine(folder, program, program)];
        return places.FirstOrDefault(File.Exists) ?? throw new FileNotFoundException($"There is no program {program} in {folder}.");
    }
}
