using System.Text.Json;
using Sidecar.Tests.Containers.Harness;

namespace Sidecar.Tests.Containers;

/// <summary>The bills of materials that .ci/sbom wrote beside the published binaries, held against the lock files.</summary>
public sealed class BillOfMaterialsTests
{
    private const string Runtime = "linux-x64";

    // They work while the program is built, and nothing of them is in it; the framework is named beside the compiler.
    private static readonly string[] BuildTime =
    [
        "Grpc.Tools", "Microsoft.CodeAnalysis.BannedApiAnalyzers", "Microsoft.DotNet.ILCompiler", "Microsoft.NET.ILLink.Tasks", $"runtime.{Runtime}.Microsoft.DotNet.ILCompiler",
    ];

    private static readonly string[] Linked = [$"Microsoft.AspNetCore.App.Runtime.{Runtime}", $"Microsoft.NETCore.App.Runtime.NativeAOT.{Runtime}"];

    [Theory]
    [InlineData("broker")]
    [InlineData("shim")]
    public void A_bill_names_every_package_of_the_lock_file_in_its_version_and_no_other(string program)
    {
        var named = Components(program).Where(part => !Linked.Contains(part.Name) && !BuildTime.Contains(part.Name));
        named.Select(part => $"{part.Name} {part.Version}").ShouldBe(
            Locked(program).Where(package => !BuildTime.Contains(package.Name)).Select(package => $"{package.Name} {package.Version}"), ignoreOrder: true);
    }

    [Theory]
    [InlineData("broker")]
    [InlineData("shim")]
    public void A_bill_names_the_framework_that_is_linked_in_in_the_compilers_version(string program)
    {
        var compiler = Locked(program).Single(package => package.Name == "Microsoft.DotNet.ILCompiler").Version;
        Components(program).Where(part => part.Type == "framework").Select(part => (part.Name, part.Version))
            .ShouldBe(Linked.Select(name => (name, compiler)), ignoreOrder: true);
    }

    [Theory]
    [InlineData("broker")]
    [InlineData("shim")]
    public void Every_part_has_an_address_and_a_licence(string program)
    {
        foreach (var part in Components(program))
        {
            part.Url.ShouldBe($"pkg:nuget/{part.Name}@{part.Version}");
            part.Licences.ShouldBeGreaterThan(0, part.Name);
        }
    }

    private static IEnumerable<(string Name, string Version)> Locked(string program)
    {
        var frameworks = JsonDocument.Parse(File.ReadAllText(Repository.PathOf($"{program}/packages.lock.json"))).RootElement.GetProperty("dependencies");
        return (from framework in frameworks.EnumerateObject()
                where framework.Name == "net10.0" || framework.Name == $"net10.0/{Runtime}"
                from package in framework.Value.EnumerateObject()
                where package.Value.GetProperty("type").GetString() != "Project"
                select (package.Name, package.Value.GetProperty("resolved").GetString()!)).Distinct();
    }

    private static List<(string Type, string Name, string Version, string Url, int Licences)> Components(string program)
    {
        var path = Path.Combine(Images.BinariesFolder, $"{program}.cdx.json");
        if (!File.Exists(path)) throw new InvalidOperationException($"There is no {path}: .ci/sbom writes it.");
        var bill = JsonDocument.Parse(File.ReadAllText(path)).RootElement;
        bill.GetProperty("bomFormat").GetString().ShouldBe("CycloneDX");
        return
        [
            .. from part in bill.GetProperty("components").EnumerateArray()
               select (
                   part.GetProperty("type").GetString()!, part.GetProperty("name").GetString()!, part.GetProperty("version").GetString()!,
                   part.GetProperty("purl").GetString()!, part.TryGetProperty("licenses", out var licences) ? licences.GetArrayLength() : 0),
        ];
    }
}
