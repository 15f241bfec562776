using System.Globalization;
using Google.Rpc;
using Grpc.Core;
using ModelContextProtocol.Protocol;
using Sidecar.Contract;
using Sidecar.Shim.Broker;

namespace Sidecar.Shim.Results;

/// <summary>The one place where a gRPC status becomes words for a model.</summary>
internal static class FailureTranslator
{
    private static readonly char[] LineBreaks = ['\r', '\n', '\v', '\f', '\u0085', '\u2028', '\u2029'];

    public static CallToolResult Translate(Operation operation, RpcException failure)
    {
        var status = failure.GetRpcStatus();
        var info = status?.GetDetail<ErrorInfo>();
        var said = info?.Domain == FailureInfo.Domain ? info.Metadata : null;
        var changed = WhatChanged(operation, failure, said);

        return Failure.Of(
        [
            $"{operation.DisplayName} failed: {WhatHappened(failure, said)}{SdpCode(said)}",
            .. Arguments(status?.GetDetail<BadRequest>(), said),
            changed,
            Wait(said, status?.GetDetail<RetryInfo>()),
            Text(said, FailureInfo.Next) ?? (changed == Changed.Unknown ? NextStep.Check : NextStep.For(failure.StatusCode)),
        ]);
    }

    private static string WhatHappened(RpcException failure, IDictionary<string, string>? said)
    {
        if (BrokerNotThereException.IsBehind(failure.Status.DebugException))
            return "the broker, which makes the calls to ServiceDesk Plus, does not answer.";

        // Where the broker itself did not speak, a gRPC library did, on either end: "Deadline Exceeded", sockets, frames.
        return failure.StatusCode switch
        {
            StatusCode.DeadlineExceeded when said is null => "there was no answer in time.",
            StatusCode.Cancelled when said is null => "the call was broken off.",
            _ when failure.Status is { DebugException: null, Detail.Length: > 0 } => OneLine(failure.Status.Detail),
            StatusCode.Unavailable => "the connection to the broker broke.",
            var code => $"the broker answered {code} without saying more.",
        };
    }

    private static string WhatChanged(Operation operation, RpcException failure, IDictionary<string, string>? said)
    {
        if (Text(said, FailureInfo.Indeterminate) == "true") return Changed.Unknown;

        return Text(said, FailureInfo.Changed) switch
        {
            "nothing" => Changed.Nothing,
            "partly" => Changed.Partly,
            "unknown" => Changed.Unknown,
            _ when operation.Access == Contract.Access.Read => Changed.Nothing,
            _ when BrokerNotThereException.IsBehind(failure.Status.DebugException) => Changed.Nothing,
            _ => Changed.Unknown,
        };
    }

    private static string SdpCode(IDictionary<string, string>? said) =>
        Text(said, FailureInfo.SdpCode) is { } code ? $" (ServiceDesk Plus status {code})" : "";

    private static IEnumerable<string> Arguments(BadRequest? bad, IDictionary<string, string>? said) =>
        bad is { FieldViolations.Count: > 0 }
            ? bad.FieldViolations.Select(violation => $"- {OneLine(violation.Field)}: {OneLine(violation.Description)}")
            : Text(said, FailureInfo.Fields) is { } fields ? [$"Arguments concerned: {fields}."] : [];

    // The lines of an answer are ours alone: text that a ticket brought in must not pass for one.
    private static string OneLine(string text) => string.Join(' ', text.Split(LineBreaks, StringSplitOptions.RemoveEmptyEntries));

    private static string Wait(IDictionary<string, string>? said, RetryInfo? retry)
    {
        var seconds = double.TryParse(Text(said, FailureInfo.RetryAfter), NumberStyles.Float, CultureInfo.InvariantCulture, out var told)
            ? told
            : retry?.RetryDelay?.Seconds ?? 0;
        return seconds switch
        {
            <= 0 => "",
            < 90 => $"Wait {Math.Ceiling(seconds)} seconds before another try.",
            _ => $"Wait {Math.Ceiling(seconds / 60)} minutes before another try.",
        };
    }

    private static string? Text(IDictionary<string, string>? said, string key) =>
        said is not null && said.TryGetValue(key, out var text) && text.Length > 0 ? OneLine(text) : null;
}
