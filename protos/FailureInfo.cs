namespace Sidecar.Contract;

/// <summary>
/// What a broker's error carries besides its gRPC status: a <c>google.rpc.ErrorInfo</c> with this domain, a reason in
/// UPPER_SNAKE_CASE, and metadata under these keys. The status message says in one or more sentences what happened.
/// </summary>
public static class FailureInfo
{
    /// <summary>Domain of the ErrorInfo.</summary>
    public const string Domain = "sidecar";

    /// <summary>ServiceDesk Plus' own status codes, comma separated, such as <c>4012</c>.</summary>
    public const string SdpCode = "sdp_code";

    /// <summary>Names of the arguments concerned, comma separated, as the contract names them.</summary>
    public const string Fields = "fields";

    /// <summary>Seconds to wait before another try makes sense.</summary>
    public const string RetryAfter = "retry_after";

    /// <summary>"true" where a write was sent and its fate is not known.</summary>
    public const string Indeterminate = "indeterminate";

    /// <summary>Whether anything was changed: <c>nothing</c>, <c>partly</c>, <c>unknown</c>.</summary>
    public const string Changed = "changed";

    /// <summary>What to do next, in a sentence.</summary>
    public const string Next = "next";

    /// <summary>gRPC metadata in which the shim names who is calling.</summary>
    public const string CallerHeader = "x-sidecar-caller";
}
