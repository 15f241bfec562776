using System.Runtime.CompilerServices;
using Sidecar.Scale.Inputs;
using Sidecar.Scale.Page;

namespace Sidecar.Scale;

/// <summary>The files of this repository that the page is made of.</summary>
internal static class Repository
{
    public static string InputsFile => PathOf("docs/scale.inputs.json");

    public static string PageFile => PathOf("docs/scale.md");

    public static InputSet Inputs() => new(InputFile.Parse(File.ReadAllText(InputsFile)));

    public static PodShape Pod() => PodShape.Parse(File.ReadAllText(PathOf("k8s/base/deployment.yaml")));

    public static string Page() => ScalePage.Write(Inputs(), Pod());

    private static string PathOf(string path, [CallerFilePath] string here = "") => Path.GetFullPath(path, Path.GetFullPath("../..", Path.GetDirectoryName(here)!));
}
