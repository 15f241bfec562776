using System.Runtime.CompilerServices;

namespace Sidecar.Tests.Containers.Harness;

/// <summary>The files of the repository.</summary>
public static class Repository
{
    public static string Root { get; } = Path.GetFullPath("../../..", Path.GetDirectoryName(Here())!);

    /// <summary>A path of the repository, whole.</summary>
    public static string PathOf(string path) => Path.GetFullPath(path, Root);

    private static string Here([CallerFilePath] string path = "") => path;
}
