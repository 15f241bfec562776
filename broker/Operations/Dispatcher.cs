using System.Diagnostics;
using Google.Protobuf;
using Grpc.Core;
using Sidecar.Broker.Audit;
using Sidecar.Broker.Hosting;
using Sidecar.Broker.Policy;
using Sidecar.Broker.Sdp;
using Sidecar.Broker.Transcoding;
using Sidecar.Contract;

namespace Sidecar.Broker.Operations;

/// <summary>Takes every call through the same steps: policy, edition, validation, long ids, the operation, audit.</summary>
internal sealed partial class Dispatcher(
    PolicyGate policy, EditionGate edition, RecordIds ids, SdpCaller sdp, IEnumerable<IOperation> compound, AuditLog audit, Drain drain,
    TimeProvider clock, ILogger<Dispatcher> logger)
{
    private readonly Dictionary<string, IOperation> _compound = compound.ToDictionary(operation => operation.Rpc);

    public async Task<IMessage> InvokeAsync(Operation operation, IMessage request, ServerCallContext context)
    {
        var started = Stopwatch.GetTimestamp();
        Failure? failure = null;
        var caller = context.RequestHeaders.GetValue(FailureInfo.CallerHeader);
        Errand.Current = new Errand(caller ?? "", context.Deadline, clock);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, drain.Over);
        try
        {
            drain.RefuseNew();
            return await PerformAsync(operation, request, end.Token).WaitAsync(drain.GivenUp);
        }
        catch (Exception exception)
        {
            failure = (exception is OperationCanceledException ended ? drain.WhatEnded(operation, ended) : null) ?? Translator.Translate(exception, operation);
            if (failure.Code == StatusCode.Internal)
            {
                // A step has told it already; the fault is what it told of.
                var fault = exception is FailureException { InnerException: { } inner } ? inner : exception;
                LogFault(operation.Name, fault.GetType().FullName!, fault.StackTrace);
            }

            throw failure.ToRpc();
        }
        finally
        {
            audit.Write(operation, request, failure, Stopwatch.GetElapsedTime(started), caller);
        }
    }

    private async Task<IMessage> PerformAsync(Operation operation, IMessage request, CancellationToken cancellationToken)
    {
        policy.Check(operation);
        await edition.CheckAsync(operation, cancellationToken);
        Validator.Check(request);
        Defaults.Apply(request);
        await ids.ResolveAsync(request, cancellationToken);
        if (_compound.TryGetValue(operation.Name, out var own)) return await own.InvokeAsync(request, cancellationToken);
        var reply = await sdp.CallAsync(operation, request, cancellationToken);
        return operation.Access == Access.Read || reply.CalculateSize() > 0 ? reply : throw new FailureException(Translator.OutcomeUnknown(
            "ServiceDesk Plus answered success, but without the record, so what became of it is not known."));
    }

    // Not the exception itself: its message may quote what it stumbled over.
    [LoggerMessage(Level = LogLevel.Error, Message = "{Rpc} failed with {Exception} at {Stack}")]
    private partial void LogFault(string rpc, string exception, string? stack);
}
