using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;
using Sidecar.Shim.Settings;

namespace Sidecar.Shim.Broker;

/// <summary>The way to the broker: HTTP/2 without TLS over loopback, or a Unix socket.</summary>
internal static class BrokerSetup
{
    // On one machine a listening broker accepts at once; one that does not is not there, and the caller should hear it now.
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(1);

    public static void AddBroker(this IServiceCollection services)
    {
        services.AddSingleton(provider => OpenChannel(provider.GetRequiredService<ShimSettings>().Broker));
        services.AddSingleton<CallInvoker>(provider => provider.GetRequiredService<GrpcChannel>().CreateCallInvoker());
        services.AddSingleton<BrokerClient>();
    }

    // The channel is given no logger: it would log status details, and those quote what callers sent.
    private static GrpcChannel OpenChannel(BrokerAddress broker) => GrpcChannel.ForAddress(broker.Authority, new GrpcChannelOptions
    {
        DisposeHttpClient = true,
        HttpHandler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            EnableMultipleHttp2Connections = true,

            // With a callback the channel leaves connecting to the handler. Without one it backs off after failures, up to
            // two minutes, and calls keep failing long after the broker is back.
            ConnectCallback = (_, cancellation) => ConnectAsync(broker, cancellation),
        },
    });

    private static async ValueTask<Stream> ConnectAsync(BrokerAddress broker, CancellationToken cancellation)
    {
        var socket = broker.EndPoint is UnixDomainSocketEndPoint
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(ConnectTimeout);
            await socket.ConnectAsync(broker.EndPoint, limit.Token);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (Exception problem) when (problem is SocketException or OperationCanceledException)
        {
            socket.Dispose();
            throw new BrokerNotThereException(problem);
        }
    }
}
