namespace Sidecar.Tests.Containers.Harness;

/// <summary>What a YAML of Kubernetes made, played by podman; all of it is removed in the end.</summary>
public sealed class PlayedPod : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sidecar-play-");

    private bool _isRemoved;

    private PlayedPod(string pod) => Pod = pod;

    /// <summary>Name of the pod.</summary>
    public string Pod { get; }

    private string File => Path.Combine(_folder.FullName, "pod.yaml");

    /// <summary>
    /// Plays a YAML whose pod has that name; names of other things in it (Secrets, ConfigMaps, claims) begin with the pod's. podman calls a
    /// container by the pod's name, a dash and its own. A volume made from a Secret has to say <c>optional: false</c>: podman 4.3 dies
    /// of the default.
    /// </summary>
    public static async Task<PlayedPod> PlayAsync(string pod, string yaml, params string[] options)
    {
        var played = new PlayedPod(pod);
        try
        {
            await System.IO.File.WriteAllTextAsync(played.File, yaml, TestContext.Current.CancellationToken);
            // In a folder of its own: podman would take a folder named like an image for one to be built.
            await Podman.DoAsync(["kube", "play", "--build=false", .. options, played.File], played._folder.FullName);
            return played;
        }
        catch
        {
            await played.DisposeAsync();
            throw;
        }
    }

    /// <summary>One of its containers.</summary>
    public RunningContainer Container(string name) => new($"{Pod}-{name}");

    /// <summary>The pod's address on the bridge.</summary>
    public async Task<string> AddressAsync()
    {
        var infra = await Podman.DoAsync("pod", "inspect", "--format", "{{.InfraContainerID}}", Pod);
        return await Podman.DoAsync("container", "inspect", "--format", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", infra);
    }

    /// <summary>Removes it at once; what was removed already is left alone.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isRemoved) return;
        _isRemoved = true;
        // Not by "kube down", which gives every container its time to end.
        await Podman.TryAsync("pod", "rm", "--force", "--ignore", "--time", "0", Pod);
        // These stay when the pod goes.
        await Names.RemoveAsync("volume", name => name.StartsWith(Pod, StringComparison.Ordinal));
        await Names.RemoveAsync("secret", name => name.StartsWith(Pod, StringComparison.Ordinal));
        _folder.Delete(recursive: true);
    }
}
