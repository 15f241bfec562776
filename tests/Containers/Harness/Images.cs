using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Sidecar.Sandbox.Processes;

namespace Sidecar.Tests.Containers.Harness;

/// <summary>
/// The images of both programs, built from the repository's Dockerfiles with the published binaries of SIDECAR_BINARIES in place of
/// the build stage. A name says what is in it, so runs of other binaries do not meet, and an image that is there is not built again.
/// </summary>
public sealed record Images(string Broker, string Shim)
{
    /// <summary>The base in place of the chiseled one, which .ci/containers makes.</summary>
    public const string Base = "localhost/sidecar-test-base:1";

    private static readonly Lazy<Task<Images>> Once = new(BuildAsync);

    /// <summary>Both, built once.</summary>
    public static Task<Images> GetAsync() => Once.Value;

    /// <summary>Builds one of them on a base of the caller's.</summary>
    /// <param name="program">broker or shim.</param>
    /// <param name="finalBase">The base.</param>
    /// <param name="target">A stage; null: the image itself.</param>
    /// <returns>The image's name.</returns>
    public static async Task<string> BuildAsync(string program, string finalBase, string? target = null)
    {
        var binary = program == "broker" ? Binaries.Broker : Binaries.Shim;
        var dockerfile = Repository.PathOf($"{program}/Dockerfile");
        var name = $"localhost/sidecar-test/{program}{(target is null ? "" : "-" + target)}:{Digest(binary, dockerfile, finalBase)}";
        if ((await Podman.TryAsync("image", "exists", name)).ExitCode == 0) return name;
        await Podman.DoAsync(
            [
                "build", "--quiet", "--format", "docker", "--file", dockerfile, "--tag", name, "--build-context", $"build={Path.GetDirectoryName(binary)}",
                "--build-arg", $"FINAL_BASE={finalBase}", .. target is null ? Array.Empty<string>() : ["--target", target], Repository.Root,
            ],
            Repository.Root);
        return name;
    }

    private static Programs Binaries => Programs.Locate(
        new ConfigurationBuilder().AddEnvironmentVariables("SIDECAR_").Build()["BINARIES"]
        ?? throw new InvalidOperationException("SIDECAR_BINARIES has to name the folder of the published binaries: .ci/publish makes it."));

    private static async Task<Images> BuildAsync()
    {
        if ((await Podman.TryAsync("image", "exists", Base)).ExitCode != 0) throw new InvalidOperationException($"There is no image {Base}: .ci/containers makes it.");
        return new Images(await BuildAsync("broker", Base), await BuildAsync("shim", Base));
    }

    private static string Digest(string binary, string dockerfile, string finalBase)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(File.ReadAllBytes(binary));
        hash.AppendData(File.ReadAllBytes(dockerfile));
        hash.AppendData(System.Text.Encoding.UTF8.GetBytes(finalBase));
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
