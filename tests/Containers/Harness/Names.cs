namespace Sidecar.Tests.Containers.Harness;

/// <summary>
/// Names of containers and pods, no two alike. They carry the id of this process, so that what a run left behind that was killed is
/// known by its process being gone, and removed by the next run.
/// </summary>
public static class Names
{
    private const string Prefix = "sct";
    private static int _last;

    /// <summary>A new name; the word tells a person what it is.</summary>
    public static string New(string word) => $"{Prefix}{Environment.ProcessId}-{Interlocked.Increment(ref _last)}-{word}";

    /// <summary>Removes what runs that are gone have left.</summary>
    public static async Task SweepAsync()
    {
        foreach (var kind in new[] { "pod", "container", "volume", "secret", "network" }) await RemoveAsync(kind, IsLeft);
    }

    /// <summary>Removes all of a kind (pod, container, volume, secret, network) whose name fits.</summary>
    public static async Task RemoveAsync(string kind, Func<string, bool> fits)
    {
        string[] all = kind is "pod" or "container" ? ["ps", "--format", kind == "pod" ? "{{.Name}}" : "{{.Names}}"] : ["ls", "--format", "{{.Name}}"];
        string[] force = kind switch { "pod" or "container" => ["--force", "--time", "0"], "volume" => ["--force"], _ => [] };
        if (kind == "container") all = [.. all, "--all"];
        foreach (var name in (await Podman.DoAsync([kind, .. all])).Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(fits))
            await Podman.TryAsync([kind, "rm", .. force, name]);
    }

    private static bool IsLeft(string name) =>
        name.StartsWith(Prefix, StringComparison.Ordinal) && int.TryParse(name[Prefix.Length..].Split('-')[0], out var id) && !Directory.Exists($"/proc/{id}");
}
