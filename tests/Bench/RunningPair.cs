using System.Net;
using System.Net.Sockets;
using Sidecar.Sandbox.Processes;

namespace Sidecar.Bench;

/// <summary>A broker and a shim, started at the same moment, as in a pod. There may be nobody listening yet.</summary>
internal sealed class RunningPair : IAsyncDisposable
{
    private RunningPair(ChildProcess broker, ChildProcess shim, Uri mcp)
    {
        Broker = broker;
        Shim = shim;
        Mcp = mcp;
    }

    public ChildProcess Broker { get; }

    public ChildProcess Shim { get; }

    public Uri Mcp { get; }

    public static RunningPair Start(Programs programs, Backend backend)
    {
        var (brokerAddress, shimAddress) = ($"http://127.0.0.1:{FreePort()}", $"http://127.0.0.1:{FreePort()}");
        var settings = new Dictionary<string, string>(backend.BrokerSettings) { ["Broker__Listen"] = brokerAddress };
        var broker = ChildProcess.Start(programs.Broker, ["serve"], settings);
        var shim = ChildProcess.Start(programs.Shim, ["serve"], new Dictionary<string, string>
        {
            ["Shim__Broker"] = brokerAddress,
            ["Shim__Listen"] = shimAddress,
        });
        return new RunningPair(broker, shim, new Uri(new Uri(shimAddress), "/mcp"));
    }

    /// <exception cref="InvalidOperationException">One of them has ended; the message has its output.</exception>
    public void ThrowIfGone()
    {
        foreach (var process in new[] { Broker, Shim })
            if (process.HasExited) throw new InvalidOperationException($"{process.Name} ended:\n{process.Output}");
    }

    public async ValueTask DisposeAsync()
    {
        await Shim.DisposeAsync();
        await Broker.DisposeAsync();
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
