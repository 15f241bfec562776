using System.Net.Sockets;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using Grpc.Net.Client;
using Sidecar.Contract;
using Sidecar.Sandbox.Processes;

namespace Sidecar.Tests.Harness;

/// <summary>A broker process, called over gRPC as a shim does.</summary>
public sealed class RunningBroker : IAsyncDisposable
{
    private const string Unix = "unix:";
    private readonly GrpcChannel _channel;

    public RunningBroker(ChildProcess process, string address)
    {
        (Process, Address) = (process, address);
        _channel = GrpcChannel.ForAddress(address.StartsWith(Unix, StringComparison.Ordinal) ? "http://localhost" : address, new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler
            {
                ConnectCallback = address.StartsWith(Unix, StringComparison.Ordinal) ? async (_, cancellationToken) =>
                {
                    var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(address[Unix.Length..]), cancellationToken);
                    return new NetworkStream(socket, ownsSocket: true);
                } : null,
            },
        });
    }

    public ChildProcess Process { get; }

    /// <summary>Value for Shim__Broker.</summary>
    public string Address { get; }

    public CallInvoker Invoker => _channel.CreateCallInvoker();

    public async Task<T> CallAsync<T>(string rpc, IMessage request, TimeSpan? deadline = null) where T : IMessage =>
        (T)await Invoker.AsyncUnaryCall(
            Catalog.Current[rpc].Grpc, null, new CallOptions(deadline: TimeProvider.System.GetUtcNow().UtcDateTime + (deadline ?? TimeSpan.FromSeconds(90))), request);

    public Task<Identity> WhoAmIAsync() => CallAsync<Identity>("WhoAmI", new WhoAmIRequest());

    /// <summary>Makes a call that has to fail.</summary>
    public async Task<(StatusCode Code, string Message, ErrorInfo Info)> FailAsync(string rpc, IMessage request)
    {
        try
        {
            var reply = await CallAsync<IMessage>(rpc, request);
            throw new InvalidOperationException($"{rpc} succeeded: {reply}");
        }
        catch (RpcException failure)
        {
            return (failure.StatusCode, failure.Status.Detail, failure.GetRpcStatus()?.GetDetail<ErrorInfo>() ?? new ErrorInfo());
        }
    }

    public async Task WaitUntilReadyAsync(TimeSpan timeout)
    {
        using var end = new CancellationTokenSource(timeout);
        Identity identity;
        while (!(identity = await WhoAmIAsync()).Ready)
        {
            if (end.IsCancellationRequested) throw new TimeoutException($"The broker is not ready: {identity.Problem}\n{Process.Output}");
            await Task.Delay(20, CancellationToken.None);
        }
    }

    public ValueTask DisposeAsync()
    {
        _channel.Dispose();
        return Process.DisposeAsync();
    }
}
