using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Sidecar.Contract;
using RpcStatus = Google.Rpc.Status;

namespace Sidecar.Broker.Operations;

/// <summary>What a failed operation may have changed.</summary>
internal enum Changed
{
    Nothing,
    Partly,
    Unknown,
}

/// <summary>Builds the one form of error that callers see.</summary>
/// <param name="Code">gRPC status.</param>
/// <param name="Reason">UPPER_SNAKE_CASE, stable, for programs.</param>
/// <param name="Message">What happened, for people.</param>
internal sealed record Failure(StatusCode Code, string Reason, string Message)
{
    /// <summary>Whether anything was changed.</summary>
    public Changed Changed { get; init; } = Changed.Nothing;

    /// <summary>What to do next, for people.</summary>
    public string? Next { get; init; }

    /// <summary>Arguments concerned and what is wrong with each.</summary>
    public IReadOnlyList<(string Field, string Problem)> Fields { get; init; } = [];

    /// <summary>The instance's status codes.</summary>
    public IReadOnlyList<int> SdpCodes { get; init; } = [];

    /// <summary>How long to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The same, with why the record could not be read again to find out more.</summary>
    public Failure Unread(Failure read) => this with { Message = $"{Message} Reading it again failed: {read.Message}", RetryAfter = read.RetryAfter };

    /// <summary>The error as gRPC carries it.</summary>
    public RpcException ToRpc()
    {
        var info = new ErrorInfo { Domain = FailureInfo.Domain, Reason = Reason };
        info.Metadata[FailureInfo.Changed] = Changed.ToString().ToLowerInvariant();
        if (Changed == Changed.Unknown) info.Metadata[FailureInfo.Indeterminate] = "true";
        if (Next is not null) info.Metadata[FailureInfo.Next] = Next;
        if (SdpCodes.Count > 0) info.Metadata[FailureInfo.SdpCode] = string.Join(',', SdpCodes);
        if (Fields.Count > 0) info.Metadata[FailureInfo.Fields] = string.Join(',', Fields.Select(field => field.Field));
        if (RetryAfter is { } wait) info.Metadata[FailureInfo.RetryAfter] = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);

        var status = new RpcStatus { Code = (int)Code, Message = Message, Details = { Any.Pack(info) } };
        if (Fields.Count > 0)
        {
            status.Details.Add(Any.Pack(new BadRequest
            {
                FieldViolations = { Fields.Select(field => new BadRequest.Types.FieldViolation { Field = field.Field, Description = field.Problem }) },
            }));
        }

        if (RetryAfter is { } delay) status.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(delay) }));
        return status.ToRpcException();
    }
}
