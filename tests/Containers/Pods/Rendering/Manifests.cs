using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Sidecar.Tests.Containers.Pods.Rendering;

/// <summary>What <c>kubectl kustomize</c> makes of a folder.</summary>
internal sealed class Manifests(IReadOnlyList<JsonObject> all)
{
    public IReadOnlyList<JsonObject> All => all;

    public JsonObject Deployment => Single("Deployment");

    public JsonObject Single(string kind) => Of(kind).Single();

    public IEnumerable<JsonObject> Of(string kind) => all.Where(one => (string?)one["kind"] == kind);

    /// <summary>The pod's template in a Deployment.</summary>
    public static JsonObject PodOf(JsonObject deployment) => deployment["spec"]!["template"]!.AsObject();

    /// <summary>A container of the pod.</summary>
    public JsonObject Container(string list, string name) =>
        PodOf(Deployment)["spec"]![list]!.AsArray().Single(container => (string?)container!["name"] == name)!.AsObject();

    public static string NameOf(JsonObject manifest) => (string)manifest["metadata"]!["name"]!;

    /// <exception cref="InvalidOperationException">The folder cannot be rendered; the message has kubectl's words.</exception>
    public static async Task<Manifests> RenderAsync(string folder)
    {
        using var process = Process.Start(new ProcessStartInfo("kubectl", ["kustomize", folder]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode == 0 ? new Manifests(YamlJson.Parse(await output)) : throw new InvalidOperationException($"{folder} cannot be rendered:\n{await errors}");
    }
}
