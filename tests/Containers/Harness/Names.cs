using System.Text.RegularExpressions;

namespace Sidecar.Tests.Containers.Harness;

/// <summary>
/// Names of containers and pods, no two alike. They carry the id of this process, so that what a run left behind that was killed is
/// known by its process being gone, and removed by the next run.
/// </summary>
public static partial class Names
{
    private const string Prefix = "sct";
    private static int _last;

    /// <summary>A new name; the word tells a person what it is.</summary>
    public static string New(string word) => $"{Prefix}{Environment.ProcessId}-{Interlocked.Increment(ref _last)}-{word}";

    /// <summary>Removes what runs that are gone have left.</summary>
    public static async Task SweepAsync()
    {
        foreach (var kind in new[] { "pod", "container", "volume", "secret", "network", "image" }) await RemoveAsync(kind, IsLeft);
    }

    /// <summary>Removes all of a kind (pod, container, volume, secret, network, image) whose name fits.</summary>
    public static async Task RemoveAsync(string kind, Func<string, bool> fits)
    {
        string[] all = kind switch
        {
            "pod" => ["ps", "--format", "{{.Name}}"],
            "container" => ["ps", "--format", "{{.Names}}"],
            "image" => ["ls", "--format", "{{.Repository}}:{{.Tag}}"],
            _ => ["ls", "--format", "{{.Name}}"],
        };
        string[] force = kind switch
        {
            "pod" => ["--force", "--time", "0"],
            "container" => ["--force", "--time", "0", "--depend"],
            "volume" or "image" or "network" => ["--force"],
            _ => [],
        };
        if (kind == "container") all = [.. all, "--all"];
        // Many pods leave many of these, and one that cannot go does not keep the others.
        var atOnce = kind is "volume" or "secret" ? 50 : 1;
        foreach (var names in (await Podman.DoAsync([kind, .. all])).Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(fits).Chunk(atOnce))
            await Podman.TryAsync([kind, "rm", .. force, .. names]);
    }

    private static bool IsLeft(string name) =>
        Own().Match(name) is { Success: true } own && !Directory.Exists($"/proc/{own.Groups["id"].Value}");

    // What others make of a name, they put words before it.
    [GeneratedRegex("(^|[/_])" + Prefix + @"(?<id>\d+)-")]
    private static partial Regex Own();
}
