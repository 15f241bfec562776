using System.Diagnostics;
using Sidecar.Tests.Harness;

namespace Sidecar.Tests.Containers.Pods.Looking;

/// <summary>What the host's root sees of a container: more than anybody in it ever will.</summary>
/// <param name="process">Its program, as the host counts.</param>
internal sealed class ContainerView(int process)
{
    // Not files: the kernel's windows, some of which show all of the machine.
    private static readonly string[] NotFiles = ["/proc", "/sys", "/dev"];

    private string Root => $"/proc/{process}/root";

    public string Environment => File.ReadAllText($"/proc/{process}/environ").Replace('\0', '\n');

    /// <summary>Processes that it sees.</summary>
    public IReadOnlyList<string> Processes => [.. Directory.EnumerateDirectories($"{Root}/proc").Select(path => Path.GetFileName(path)).Where(name => name.All(char.IsAsciiDigit))];

    /// <summary>The secrets that are in its environment.</summary>
    public IEnumerable<Secret> InEnvironment(IEnumerable<Secret> secrets) => secrets.Where(secret => Environment.Contains(secret.Value, StringComparison.Ordinal));

    /// <summary>The secrets that are in its program's memory.</summary>
    public IEnumerable<Secret> InMemory(IEnumerable<Secret> secrets) => secrets.Where(secret => ProcessMemory.Contains(process, secret.Patterns));

    /// <summary>True if any of the secrets is in its program's memory: one look for all of them.</summary>
    public bool HasAnyInMemory(IEnumerable<Secret> secrets) => ProcessMemory.Contains(process, [.. secrets.SelectMany(secret => secret.Patterns)]);

    /// <summary>The secrets that are in a file it could open, whoever may read it.</summary>
    public IReadOnlyList<(string Path, Secret Secret)> InFiles(IReadOnlyList<Secret> secrets) =>
    [
        .. from path in Files(Root)
           let content = File.ReadAllBytes(path)
           from secret in secrets
           where secret.Patterns.Any(pattern => content.AsSpan().IndexOf(pattern) >= 0)
           select (path[Root.Length..], secret),
    ];

    /// <summary>A namespace of its program, as the kernel names it.</summary>
    public string Namespace(string kind) => File.ResolveLinkTarget($"/proc/{process}/ns/{kind}", returnFinalTarget: false)!.Name;

    /// <summary>A line of its program's status.</summary>
    public string Status(string name) => File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith($"{name}:", StringComparison.Ordinal))[(name.Length + 1)..].Trim();

    /// <summary>Opens a file as a container's user would who had got out of their namespaces, without any capability.</summary>
    /// <returns>True if it may be read.</returns>
    public static async Task<bool> MayReadAsync(int uid, string path)
    {
        using var reading = Process.Start(new ProcessStartInfo("setpriv", ["--reuid", $"{uid}", "--regid", $"{uid}", "--clear-groups", "--no-new-privs", "head", "-c", "1", path])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        await reading.WaitForExitAsync(TestContext.Current.CancellationToken);
        var error = await reading.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        return reading.ExitCode == 0 || (error.Contains("Permission denied", StringComparison.Ordinal) ? false : throw new InvalidOperationException(error));
    }

    private static IEnumerable<string> Files(string root) => Directory
        .EnumerateFileSystemEntries(root)
        .Where(entry => !NotFiles.Contains(entry[root.Length..]) && new FileInfo(entry).LinkTarget is null)
        .SelectMany(entry => Directory.Exists(entry) ? Directory.EnumerateFiles(entry, "*", Deep) : [entry]);

    private static EnumerationOptions Deep => new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Device };
}
