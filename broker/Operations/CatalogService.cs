using Google.Protobuf;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using Sidecar.Contract;

namespace Sidecar.Broker.Operations;

/// <summary>Serves the operations of the contract over gRPC, all by the same handler.</summary>
internal sealed class CatalogService(Dispatcher dispatcher)
{
    public Task<IMessage> InvokeAsync(Operation operation, IMessage request, ServerCallContext context) =>
        dispatcher.InvokeAsync(operation, request, context);
}

/// <summary>Binds each operation that callers may name: the tools, and the broker's own. Steps of operations stay unbound.</summary>
internal sealed class CatalogMethods : IServiceMethodProvider<CatalogService>
{
    public void OnServiceMethodDiscovery(ServiceMethodProviderContext<CatalogService> context)
    {
        foreach (var operation in Catalog.Current.Operations)
        {
            if (operation.Tool is null && operation.Call is not null) continue;
            context.AddUnaryMethod(operation.Grpc, [], (CatalogService service, IMessage request, ServerCallContext call) =>
                service.InvokeAsync(operation, request, call));
        }
    }
}
