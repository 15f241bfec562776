using System.Net;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.HealthCheck;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sidecar.Contract;
using Sidecar.Contract.Sdp;
using Metadata = Grpc.Core.Metadata;

namespace Sidecar.Tests.Unit.Shim;

/// <summary>
/// Stands at the broker's end of a real connection and answers as the test says. The broker itself is tested on its own;
/// here it has to fail in ways that the real one avoids.
/// </summary>
internal sealed class ScriptedBroker : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ScriptedBroker(WebApplication app) => _app = app;

    /// <summary>What it answers to any operation.</summary>
    public Func<IMessage, ServerCallContext, Task<IMessage>> Answer { get; set; } = (_, _) => Task.FromException<IMessage>(new RpcException(new Status(StatusCode.Unimplemented, "")));

    /// <summary>The tools it says it performs.</summary>
    public IReadOnlyList<string> Tools { get; set; } = [];

    /// <summary>gRPC metadata of the last call.</summary>
    public Metadata LastHeaders { get; private set; } = [];

    public static Task<ScriptedBroker> StartAsync(int port) => StartAsync(server => server.Listen(IPAddress.Loopback, port, endpoint => endpoint.Protocols = HttpProtocols.Http2));

    public static Task<ScriptedBroker> StartAsync(string socket) => StartAsync(server => server.ListenUnixSocket(socket, endpoint => endpoint.Protocols = HttpProtocols.Http2));

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private static async Task<ScriptedBroker> StartAsync(Action<KestrelServerOptions> listen)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(listen);
        builder.Services.AddGrpc();
        var health = new HealthServiceImpl();
        health.SetStatus("", HealthCheckResponse.Types.ServingStatus.Serving);
        builder.Services.AddSingleton(health);
        builder.Services.AddSingleton(provider => new ScriptedBroker(provider.GetRequiredService<WebApplication>()));
        WebApplication? app = null;
        builder.Services.AddSingleton(_ => app!);
        app = builder.Build();
        app.MapGrpcService<About>();
        app.MapGrpcService<Requests>();
        app.MapGrpcService<HealthServiceImpl>();
        await app.StartAsync();
        return app.Services.GetRequiredService<ScriptedBroker>();
    }

    private async Task<T> PerformAsync<T>(IMessage request, ServerCallContext context)
    {
        LastHeaders = context.RequestHeaders;
        return (T)await Answer(request, context);
    }

    private sealed class About(ScriptedBroker broker) : BrokerService.BrokerServiceBase
    {
        public override Task<Identity> WhoAmI(WhoAmIRequest request, ServerCallContext context) => broker.PerformAsync<Identity>(request, context);

        public override Task<Description> Describe(DescribeRequest request, ServerCallContext context) => Task.FromResult(new Description { Tools = { broker.Tools } });
    }

    private sealed class Requests(ScriptedBroker broker) : RequestService.RequestServiceBase
    {
        public override Task<Request> GetRequest(GetRequestRequest request, ServerCallContext context) => broker.PerformAsync<Request>(request, context);

        public override Task<Request> CreateRequest(CreateRequestRequest request, ServerCallContext context) => broker.PerformAsync<Request>(request, context);
    }
}
