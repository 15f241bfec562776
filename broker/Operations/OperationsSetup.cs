using Grpc.AspNetCore.Server.Model;
using Sidecar.Broker.Operations.Broker;
using Sidecar.Broker.Operations.Conversations;
using Sidecar.Broker.Operations.Fate;
using Sidecar.Broker.Operations.People;
using Sidecar.Broker.Operations.Requests;
using Sidecar.Broker.Operations.Setup;

namespace Sidecar.Broker.Operations;

internal static class OperationsSetup
{
    /// <summary>All operations of the contract; those of more than one call each have a class, listed here.</summary>
    public static IServiceCollection AddOperations(this IServiceCollection services) => services
        .AddSingleton<IServiceMethodProvider<CatalogService>, CatalogMethods>()
        .AddSingleton<CatalogService>()
        .AddSingleton<Dispatcher>()
        .AddSingleton<RecordIds>()
        .AddSingleton<SdpCaller>()
        .AddSingleton<Tracer>()
        .AddSingleton<WriteLedger>()
        .AddSingleton<TracedWrites>()
        .AddSingleton<ReplySender>()
        .AddSingleton<SetupLists>()
        .AddSingleton<NameLookup>()
        .AddSingleton<IOperation, WhoAmI>()
        .AddSingleton<IOperation, Describe>()
        .AddSingleton<IOperation, CloseRequest>()
        .AddSingleton<IOperation, ReplyToRequester>()
        .AddSingleton<IOperation, SendFirstResponse>()
        .AddSingleton<IOperation, GetRequestConversation>()
        .AddSingleton<IOperation, GetTechnician>()
        .AddSingleton<IOperation, GetMetadata>();
}
