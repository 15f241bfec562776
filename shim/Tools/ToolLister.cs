using Grpc.Core;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Sidecar.Shim.Access;
using Sidecar.Shim.Broker;

namespace Sidecar.Shim.Tools;

/// <summary>Answers tools/list: the contract's tools, without those that the broker's policy hides.</summary>
internal sealed partial class ToolLister(ToolCatalog catalog, BrokerClient broker, ILogger<ToolLister> logger)
{
    // Policy changes only with a restart of the broker, and the instance's edition only with its credential.
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    public async ValueTask<ListToolsResult> ListAsync(RequestContext<ListToolsRequestParams> request, CancellationToken cancellation)
    {
        try
        {
            var allowed = await broker.AllowedToolsAsync(Caller.NameOf(request.User), cancellation);
            return Result(catalog.Tools.Where(tool => allowed.Contains(tool.Name)), Fresh);
        }
        catch (RpcException problem)
        {
            cancellation.ThrowIfCancellationRequested();

            // Clients list once, at start. An empty list would leave them without tools after the broker is back; a call
            // of a hidden tool is refused by the broker anyway.
            LogWholeCatalogue(logger, problem.StatusCode);
            return Result(catalog.Tools, TimeSpan.Zero);
        }
    }

    private static ListToolsResult Result(IEnumerable<CatalogTool> tools, TimeSpan fresh) => new()
    {
        Tools = [.. tools.Select(tool => tool.Protocol)],
        TimeToLive = fresh,
        CacheScope = CacheScope.Private,
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "The broker could not say which tools it performs ({Status}); all were listed.")]
    private static partial void LogWholeCatalogue(ILogger logger, StatusCode status);
}
