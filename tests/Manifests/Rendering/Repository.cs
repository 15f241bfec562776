using System.Runtime.CompilerServices;

namespace Sidecar.Tests.Manifests.Rendering;

/// <summary>The files of this repository.</summary>
internal static class Repository
{
    public static string PathOf(string path) => Path.GetFullPath(path, Path.GetFullPath("../../..", Path.GetDirectoryName(Here())!));

    private static string Here([CallerFilePath] string path = "") => path;
}
