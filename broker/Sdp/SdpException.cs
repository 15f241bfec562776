namespace Sidecar.Broker.Sdp;

/// <summary>What kind of failure it was: who failed, and what that proves about a write.</summary>
internal enum SdpFailure
{
    /// <summary>The call never left: no name, no connection, no TLS, or its body was never begun.</summary>
    NotSent,

    /// <summary>The call was sent, and no whole answer came.</summary>
    NoAnswer,

    /// <summary>The instance had an internal error.</summary>
    ServerError,

    /// <summary>Something answered that is not the API: a login page, a redirect, another site.</summary>
    NotTheApi,

    /// <summary>The instance answered with something that is neither success nor an error it documents.</summary>
    Unreadable,

    /// <summary>The access token was not accepted.</summary>
    Unauthorized,

    /// <summary>The access token is good, and lacks the scope for this path.</summary>
    ScopeMissing,

    /// <summary>Too many calls.</summary>
    Throttled,

    /// <summary>Too many calls of our own are waiting; nothing was sent.</summary>
    Busy,

    /// <summary>The instance refused, with status codes; nothing was changed.</summary>
    Refused,

    /// <summary>Success with a warning: nothing or not all was applied.</summary>
    Warning,
}

/// <summary>A call to ServiceDesk Plus that did not succeed.</summary>
internal sealed class SdpException(SdpFailure failure, string detail, Exception? inner = null) : Exception(detail, inner)
{
    public SdpFailure Failure => failure;

    /// <summary>HTTP status; 0 where no answer came.</summary>
    public int HttpStatus { get; init; }

    /// <summary>What the instance says is wrong, one entry a message.</summary>
    public IReadOnlyList<SdpMessage> Messages { get; init; } = [];

    /// <summary>How long to wait, where the instance says so.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>True if the application itself answered, in its own envelope: nothing more will come of the call.</summary>
    public bool IsFinal { get; init; }

    /// <summary>True if a write may have been carried out, wholly or in part, although this is not a success.</summary>
    public bool LeavesOpen =>
        failure is SdpFailure.NoAnswer or SdpFailure.Unreadable or SdpFailure.NotTheApi or SdpFailure.ServerError or SdpFailure.Warning;

    /// <summary>True if the instance gave that status code.</summary>
    public bool Has(int code) => Messages.Any(message => message.Code == code);

    /// <summary>True if the path is not known: nothing happened, and another spelling may be tried.</summary>
    public bool IsUnknownPath => failure == SdpFailure.Refused && (Has(4007) || HttpStatus == 404);

    /// <summary>True if a key in the body is not known: nothing happened, and another spelling may be tried.</summary>
    public bool IsExtraKey => failure == SdpFailure.Refused && Messages.Any(message =>
        message.Text?.Replace('_', ' ').Contains("extra key found", StringComparison.OrdinalIgnoreCase) == true);
}

/// <summary>One message of the instance's answer.</summary>
/// <param name="Code">Its status code, such as 4012.</param>
/// <param name="Fields">Keys of the fields it is about, as the API spells them.</param>
/// <param name="Text">Its text, often absent.</param>
internal sealed record SdpMessage(int Code, IReadOnlyList<string> Fields, string? Text);
