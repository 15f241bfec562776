using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sidecar.Broker.Credentials;
using Sidecar.Broker.Hosting;
using Sidecar.Broker.Operations;
using Sidecar.Broker.Sdp;
using Sidecar.Broker.Tokens;
using Sidecar.Contract;

namespace Sidecar.Tests.Unit.Broker.Properties;

/// <summary>The whole broker as it is composed in the program, without a listener: called as gRPC calls it, its wires in the test's hand.</summary>
internal sealed class MemoryBroker : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly FaultLog _faults = new();

    public MemoryBroker(Wire sdp, Wire zoho, Func<IServiceProvider, ICredentialSource> source)
    {
        var builder = BrokerServer.CreateBuilder(new ConfigurationBuilder().Build());
        builder.Logging.ClearProviders().AddProvider(_faults);
        builder.Services.AddSingleton<TimeProvider>(new HurriedClock());
        builder.Services.AddSingleton(source);
        builder.Services.AddHttpClient(SdpClient.ClientName).ConfigurePrimaryHttpMessageHandler(() => sdp);
        builder.Services.AddHttpClient(ZohoAccounts.ClientName).ConfigurePrimaryHttpMessageHandler(() => zoho);
        _app = builder.Build();
    }

    public CredentialStore Credentials => _app.Services.GetRequiredService<CredentialStore>();

    /// <summary>What the broker logged last as a fault of its own: the exception's type and where it came from.</summary>
    public string? LoggedFault => _faults.Last;

    /// <summary>Reads the credential for the first time, as the program does at its start.</summary>
    public Task<bool> StartAsync() => Credentials.RefreshAsync(force: true, CancellationToken.None);

    /// <summary>Performs an operation. Whatever is thrown but a status of ours is a fault of the broker.</summary>
    /// <returns>The reply, or the failure with what it carries.</returns>
    public async Task<(IMessage? Reply, RpcException? Failure, ErrorInfo? Info)> CallAsync(Operation operation, IMessage request)
    {
        try
        {
            return (await _app.Services.GetRequiredService<Dispatcher>().InvokeAsync(operation, request, new Context(operation.Name)), null, null);
        }
        catch (RpcException failure)
        {
            return (null, failure, failure.GetRpcStatus()?.GetDetail<ErrorInfo>());
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private sealed class FaultLog : ILoggerProvider, ILogger
    {
        public string? Last { get; private set; }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) Last = formatter(state, exception);
        }

        public void Dispose()
        {
        }
    }

    private sealed class Context(string method) : ServerCallContext
    {
        protected override string MethodCore => method;

        protected override string HostCore => "localhost";

        protected override string PeerCore => "ipv4:127.0.0.1";

        protected override DateTime DeadlineCore => DateTime.MaxValue;

        protected override Metadata RequestHeadersCore { get; } = [];

        protected override CancellationToken CancellationTokenCore => CancellationToken.None;

        protected override Metadata ResponseTrailersCore { get; } = [];

        protected override Grpc.Core.Status StatusCore { get; set; }

        protected override WriteOptions? WriteOptionsCore { get; set; }

        protected override AuthContext AuthContextCore { get; } = new("", []);

        protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) => throw new NotSupportedException();

        protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders) => Task.CompletedTask;
    }
}
