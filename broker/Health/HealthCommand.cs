using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Sidecar.Broker.Callers;
using Sidecar.Broker.Credentials;
using Sidecar.Broker.Hosting;
using Sidecar.Contract;

namespace Sidecar.Broker.Health;

/// <summary><c>broker health</c>: asks the broker at the configured address how it is, for probes and for people.</summary>
internal static class HealthCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <param name="configuration">Where the broker listens.</param>
    /// <param name="live">Ask only whether it answers.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    /// <returns>0 if it is well, 1 if not.</returns>
    public static async Task<int> RunAsync(IConfiguration configuration, bool live, CancellationToken cancellationToken)
    {
        if (!ListenAddress.TryParse(configuration["Broker:Listen"] ?? ListenAddress.Default, out var address, out var problem))
        {
            await Console.Error.WriteLineAsync(problem);
            return ExitCodes.BadSettings;
        }

        using var channel = GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions { HttpHandler = address.CreateHandler() });
        try
        {
            var whoAmI = Catalog.Current["WhoAmI"];
            var call = channel.CreateCallInvoker().AsyncUnaryCall(
                whoAmI.Grpc, null, new CallOptions(deadline: TimeProvider.System.GetUtcNow().UtcDateTime + Patience, cancellationToken: cancellationToken), whoAmI.NewRequest());
            var identity = (Identity)(IMessage)await call;
            Console.WriteLine(identity.Ready ? $"ready: {identity.TechnicianEmail} at {identity.InstanceUrl}" : $"not ready: {identity.Problem}");
            if (identity.Ready && identity.Problem.Length > 0) Console.WriteLine($"warning: {identity.Problem}");
            Console.WriteLine($"credential: {Credential(identity)}");
            return live || identity.Ready ? 0 : 1;
        }
        catch (RpcException exception)
        {
            Console.WriteLine($"no broker answers at {address} ({exception.StatusCode})");
            return 1;
        }
    }

    private static string Credential(Identity identity)
    {
        var read = identity.CredentialReadTime is { } time
            ? $"last read {Ago.Tell(TimeProvider.System.GetUtcNow() - time.ToDateTimeOffset())} ago"
            : "never read";
        return $"{identity.CredentialState.PlainName()}, {read}";
    }
}
