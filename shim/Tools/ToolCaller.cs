using Grpc.Core;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Sidecar.Shim.Access;
using Sidecar.Shim.Broker;
using Sidecar.Shim.Hosting;
using Sidecar.Shim.Results;

namespace Sidecar.Shim.Tools;

/// <summary>Answers tools/call: arguments in, broker asked, answer or failure out. Every failure becomes words here.</summary>
internal sealed partial class ToolCaller(ToolCatalog catalog, BrokerClient broker, Drain drain, TimeProvider clock, ILogger<ToolCaller> logger)
{
    public async ValueTask<CallToolResult> CallAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellation)
    {
        var tool = catalog.Find(request.Params.Name)
            ?? throw new McpProtocolException($"Unknown tool: '{request.Params.Name}'", McpErrorCode.InvalidParams);
        var caller = Caller.NameOf(request.User);
        var start = clock.GetTimestamp();
        using var trace = CallTrace.Start(request.Params.Meta);

        var (result, outcome) = await CallAsync(tool, request.Params, caller, cancellation);
        var elapsed = clock.GetElapsedTime(start);
        LogCall(logger, tool.Name, caller, outcome, elapsed);
        return result;
    }

    private async Task<(CallToolResult Result, string Outcome)> CallAsync(
        CatalogTool tool, CallToolRequestParams call, string caller, CancellationToken cancellation)
    {
        var stage = Stage.NotSent;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation, drain.Over);
        try
        {
            var bound = tool.Arguments.Bind(call.Arguments);
            if (bound.Problems.Count > 0) return (ArgumentFailure.Result(tool, bound.Problems), "BadArguments");

            stage = Stage.Sent;
            var reply = await broker.CallAsync(tool.Operation, bound.Message, caller, end.Token);
            stage = Stage.Answered;
            return (Answer.Of(reply), nameof(StatusCode.OK));
        }
        catch (RpcException failure)
        {
            // Nobody waits for the answer any more.
            cancellation.ThrowIfCancellationRequested();
            if (failure.StatusCode == StatusCode.Cancelled && end.IsCancellationRequested) return (CutOff.Result(tool.Operation), "CutOff");
            return (FailureTranslator.Translate(tool.Operation, failure), failure.StatusCode.ToString());
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            LogOwnFailure(logger, tool.Name, failure.GetType(), failure.StackTrace);
            return (OwnFailure.Result(tool.Operation, stage), "ShimFailure");
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Tool} called by {Caller}: {Outcome} in {Elapsed}.")]
    private static partial void LogCall(ILogger logger, string tool, string caller, string outcome, TimeSpan elapsed);

    // Not the exception's message, which may quote an argument.
    [LoggerMessage(Level = LogLevel.Error, Message = "The shim itself failed in {Tool}: {Failure} {Stack}")]
    private static partial void LogOwnFailure(ILogger logger, string tool, Type failure, string? stack);
}
