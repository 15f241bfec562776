using System.Net.Sockets;
using Sidecar.Sandbox.Processes;

namespace Sidecar.Tests.Containers.Harness;

/// <summary>The API of a Docker engine, served by podman on a socket, for Docker's own Compose.</summary>
public sealed class PodmanService : IAsyncDisposable
{
    private readonly WorkFolder _folder = new();
    private readonly ChildProcess _process;

    private PodmanService()
    {
        Url = $"unix://{_folder.File("podman.sock")}";
        _process = ChildProcess.Start("podman", ["system", "service", "--time=0", Url], new Dictionary<string, string>());
    }

    /// <summary>Value for DOCKER_HOST.</summary>
    public string Url { get; }

    public static async Task<PodmanService> StartAsync()
    {
        var service = new PodmanService();
        await Wait.UntilAsync("podman to serve its API", service.AnswersAsync, () => Task.FromResult(service._process.Output));
        return service;
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }

    private async Task<bool> AnswersAsync()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(Url["unix://".Length..]));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
