using Google.Protobuf;
using Grpc.Core;
using Grpc.Health.V1;
using Sidecar.Contract;
using Sidecar.Shim.Access;
using Sidecar.Shim.Settings;
using HealthClient = Grpc.Health.V1.Health.HealthClient;

namespace Sidecar.Shim.Broker;

/// <summary>Calls the broker: any operation of the contract, what it performs, and how it is.</summary>
internal sealed class BrokerClient(CallInvoker broker, ShimSettings settings, TimeProvider clock)
{
    // Both are answered from memory over loopback, or not at all.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Performs an operation.</summary>
    /// <exception cref="RpcException">The broker refused, failed, or is not there.</exception>
    public async Task<IMessage> CallAsync(Operation operation, IMessage request, string caller, CancellationToken cancellation) =>
        await broker.AsyncUnaryCall(operation.Grpc, null, Options(caller, settings.CallTimeout, cancellation), request);

    /// <summary>Names of the tools that the broker's policy lets this caller use.</summary>
    /// <exception cref="RpcException">The broker is not there.</exception>
    public async Task<IReadOnlyCollection<string>> AllowedToolsAsync(string caller, CancellationToken cancellation)
    {
        var client = new BrokerService.BrokerServiceClient(broker);
        return (await client.DescribeAsync(new DescribeRequest(), Options(caller, Patience, cancellation))).Tools;
    }

    /// <summary>Why calls cannot be made now; null if they can.</summary>
    public async Task<string?> WhyNotReadyAsync(CancellationToken cancellation)
    {
        try
        {
            var health = await new HealthClient(broker).CheckAsync(new HealthCheckRequest(), Options(Caller.Local, Patience, cancellation));
            return health.Status == HealthCheckResponse.Types.ServingStatus.Serving
                ? null
                : "The broker is not ready. The tool whoami, or the broker's own health command, says why.";
        }
        catch (RpcException problem) when (BrokerNotThereException.IsBehind(problem.Status.DebugException))
        {
            return $"The broker does not answer at {settings.Broker.Text}.";
        }
        catch (RpcException problem)
        {
            return $"The broker at {settings.Broker.Text} cannot be asked: {problem.StatusCode}.";
        }
    }

    private CallOptions Options(string caller, TimeSpan timeout, CancellationToken cancellation) => new(
        new Metadata { { FailureInfo.CallerHeader, caller } },
        clock.GetUtcNow().UtcDateTime + timeout,
        cancellation);
}
