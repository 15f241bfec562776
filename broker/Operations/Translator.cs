using Google.Protobuf.Reflection;
using Grpc.Core;
using Sidecar.Broker.Credentials;
using Sidecar.Broker.Sdp;
using Sidecar.Broker.Tokens;
using Sidecar.Broker.Transcoding;
using Sidecar.Contract;

namespace Sidecar.Broker.Operations;

/// <summary>The one place where what went wrong below becomes what a caller is told.</summary>
internal static class Translator
{
    /// <summary>Translates any exception of an operation.</summary>
    /// <param name="exception">What went wrong.</param>
    /// <param name="operation">The operation, or the step of one, that it went wrong in.</param>
    public static Failure Translate(Exception exception, Operation operation) => exception switch
    {
        FailureException told => told.Failure,
        SdpException failure => Translate(failure, operation),
        TokenException failure => Translate(failure),
        CredentialException failure => new Failure(StatusCode.FailedPrecondition, "NO_CREDENTIAL", failure.Message)
        {
            Next = "Tell the administrator; the broker tries again by itself.",
        },
        OperationCanceledException => new Failure(StatusCode.Cancelled, "CANCELLED", "The call was cancelled before anything was sent."),
        _ => new Failure(StatusCode.Internal, "BROKER_FAULT", $"The broker failed ({exception.GetType().Name}). This is a fault of the broker.")
        {
            Changed = IsWrite(operation) ? Changed.Unknown : Changed.Nothing,
            Next = IsWrite(operation) ? CheckFirst : null,
        },
    };

    private const string CheckFirst = "Read the record and check before trying again; do not repeat the change blindly.";

    // An error travels in HTTP headers, which have little room.
    private const int MaxFields = 60;

    private static bool IsWrite(Operation operation) => operation.Access != Access.Read;

    private static Failure Translate(TokenException failure) => failure.State switch
    {
        TokenState.Refused => new Failure(StatusCode.Unauthenticated, "CREDENTIAL_REFUSED", failure.Message)
        {
            Next = "No call can be made until the administrator renews this user's credential.",
        },
        TokenState.CoolingDown => new Failure(StatusCode.ResourceExhausted, "TOKEN_THROTTLED", failure.Message) { RetryAfter = failure.RetryAfter },
        _ => new Failure(StatusCode.Unavailable, "TOKEN_UNAVAILABLE", failure.Message) { RetryAfter = failure.RetryAfter },
    };

    private static Failure Translate(SdpException failure, Operation operation) => failure.Failure switch
    {
        SdpFailure.NotSent => new Failure(StatusCode.Unavailable, "NOT_SENT", $"ServiceDesk Plus cannot be reached: {failure.Message}.")
        {
            Next = "Try again later.",
        },
        SdpFailure.NoAnswer when IsWrite(operation) => OutcomeUnknown($"The change was sent to ServiceDesk Plus, and no whole answer came: {failure.Message}."),
        SdpFailure.NoAnswer => new Failure(StatusCode.Unavailable, "NO_ANSWER", $"ServiceDesk Plus does not answer: {failure.Message}.") { Next = "Try again later." },
        SdpFailure.ServerError => new Failure(
            StatusCode.Unavailable, "SERVER_ERROR", $"ServiceDesk Plus had an internal error ({failure.Message}).{Said(failure)}")
        {
            Changed = IsWrite(operation) ? Changed.Unknown : Changed.Nothing,
            Next = IsWrite(operation) ? CheckFirst : "Try again later.",
            RetryAfter = failure.RetryAfter,
            SdpCodes = Codes(failure),
        },
        SdpFailure.Unreadable when IsWrite(operation) => OutcomeUnknown($"ServiceDesk Plus answered the change with something that says neither yes nor no ({failure.Message})."),
        SdpFailure.NotTheApi or SdpFailure.Unreadable => new Failure(
            StatusCode.FailedPrecondition, "NOT_THE_API", $"What answered is not the ServiceDesk Plus API ({failure.Message}).")
        {
            // A login page instead of the API did nothing; a page that hides the API's answer may.
            Changed = IsWrite(operation) ? Changed.Unknown : Changed.Nothing,
            Next = (IsWrite(operation) ? $"{CheckFirst} " : "") + "Tell the administrator to check base_url and portal of this user's credential.",
        },
        SdpFailure.Unauthorized => new Failure(StatusCode.Unauthenticated, "TOKEN_REJECTED", "ServiceDesk Plus does not accept a new access token either.")
        {
            Next = $"Tell the administrator: the technician may be disabled, the portal wrong, or the grant may lack {Scopes(operation)}.",
            SdpCodes = Codes(failure),
        },
        SdpFailure.ScopeMissing => Forbidden(failure, operation),
        SdpFailure.Busy => new Failure(StatusCode.ResourceExhausted, "BUSY", "Too many calls of this user are under way.")
        {
            RetryAfter = TimeSpan.FromSeconds(5),
            Next = "Make fewer calls at once.",
        },
        SdpFailure.Throttled => new Failure(StatusCode.ResourceExhausted, "RATE_LIMITED", "ServiceDesk Plus has had too many calls and refuses more for now.")
        {
            RetryAfter = failure.RetryAfter ?? Envelope.DefaultLock,
            Next = "Wait, then make fewer calls.",
            SdpCodes = Codes(failure),
        },
        SdpFailure.Warning => new Failure(
            StatusCode.FailedPrecondition, "NOT_APPLIED", $"ServiceDesk Plus did not, or not fully, apply the change.{Said(failure)}{Named("Missing", Fields(failure, operation))}")
        {
            // How much was applied only the record can tell.
            Changed = IsWrite(operation) ? Changed.Unknown : Changed.Nothing,
            Fields = Fields(failure, operation),
            Next = "Read the record to see what holds, then give what is missing.",
            SdpCodes = Codes(failure),
        },
        _ => Refused(failure, operation),
    };

    private static Failure Refused(SdpException failure, Operation operation)
    {
        var fields = Fields(failure, operation);
        var said = Said(failure);
        var refusal = failure switch
        {
            _ when failure.Has(4002) || (failure.HttpStatus == 403 && failure.Messages.Count == 0) => Forbidden(failure, operation),
            _ when failure.Has(4012) => new Failure(StatusCode.InvalidArgument, "MANDATORY_MISSING", $"This instance requires more fields.{Named("Missing", fields)}{said}")
            {
                Next = "Give every missing field, then try again; get_metadata lists the values this instance knows.",
            },
            _ when failure.Has(4001) => new Failure(StatusCode.InvalidArgument, "UNKNOWN_VALUE", $"ServiceDesk Plus does not know a value, or you may not set it.{Named("Refused", fields)}{said}")
            {
                Next = "Look up the values with get_metadata or find_technician, then try again.",
            },
            _ when failure.Has(4009) || failure.Has(4014) => new Failure(StatusCode.InvalidArgument, "NOT_EDITABLE", $"A field cannot be changed now.{Named("Refused", fields)}{said}"),
            _ when failure.Has(4016) || failure.Has(4021) => new Failure(StatusCode.InvalidArgument, "WRONG_VALUE", $"A value does not fit.{Named("Refused", fields)}{said}"),
            _ when failure.Has(4008) => new Failure(StatusCode.AlreadyExists, "NOT_UNIQUE", $"There is one like it already.{Named("Not unique", fields)}{said}"),
            _ when failure.Has(4005) => new Failure(StatusCode.FailedPrecondition, "REFERENCED", $"Other records refer to it.{said}"),
            _ when failure.Has(7001) => new Failure(StatusCode.FailedPrecondition, "LICENCE", $"The licence of this instance does not allow it.{said}"),
            _ when failure.IsUnknownPath => new Failure(StatusCode.NotFound, "NOT_FOUND", $"There is no such record here, or you may not see it.{said}")
            {
                Next = "Check the id; search_requests finds requests.",
            },
            _ when failure.HttpStatus == 403 => Forbidden(failure, operation),
            _ => new Failure(StatusCode.InvalidArgument, "REFUSED", $"ServiceDesk Plus refuses the call (HTTP {failure.HttpStatus}).{Named("Refused", fields)}{said}"),
        };
        return refusal with { Fields = refusal.Fields.Count > 0 ? refusal.Fields : fields, SdpCodes = Codes(failure) };
    }

    private static Failure Forbidden(SdpException failure, Operation operation) => new(
        StatusCode.PermissionDenied, "FORBIDDEN", $"ServiceDesk Plus does not let this technician do that.{Said(failure)}")
    {
        Next = $"Tell the administrator: the technician's role, or the grant's scope {Scopes(operation)}, does not allow it.",
        SdpCodes = Codes(failure),
    };

    public static Failure OutcomeUnknown(string what) => new(StatusCode.Unknown, "OUTCOME_UNKNOWN", what) { Changed = Changed.Unknown, Next = CheckFirst };

    private static string Scopes(Operation operation) => operation.Scopes.Count > 0 ? string.Join(" and ", operation.Scopes) : "a scope";

    private static List<int> Codes(SdpException failure) => [.. failure.Messages.Select(message => message.Code).Where(code => code > 0).Distinct()];

    // The instance's own words, kept short and on one line: they may hold anything.
    private static string Said(SdpException failure)
    {
        var texts = failure.Messages.Select(message => message.Text).Where(text => !string.IsNullOrWhiteSpace(text)).Distinct().ToList();
        if (texts.Count == 0) return "";
        return $" ServiceDesk Plus says: {Quote.Text(string.Join(" / ", texts), 500)}.";
    }

    private static string Named(string what, List<(string Field, string Problem)> fields) =>
        fields.Count == 0 ? "" : $" {what}: {string.Join(", ", fields.Select(field => field.Field))}.";

    // A caller knows the contract's names, not the API's.
    private static List<(string Field, string Problem)> Fields(SdpException failure, Operation operation)
    {
        var names = operation.Descriptor.InputType.Fields.InFieldNumberOrder().Where(field => field.IsInBody() || field.Annotation().Local).ToList();
        return [.. failure.Messages
            .SelectMany(message => message.Fields.Select(key => (
                Field: Quote.Line(Name(names, key), 100), Problem: message.Text is { } text ? Quote.Line(text, 200) : Problem(message.Code))))
            .DistinctBy(field => field.Field)
            .Take(MaxFields)];
    }

    private static string Name(List<FieldDescriptor> fields, string key)
    {
        var field = fields.Find(field => field.Key() == key)
            ?? fields.Find(field => field.Key().StartsWith(key + ".", StringComparison.Ordinal))
            ?? fields.Find(field => key.StartsWith(field.Key() + ".", StringComparison.Ordinal));
        if (field is null) return key;
        return field.Key().Length < key.Length ? field.Name + key[field.Key().Length..] : field.Name;
    }

    private static string Problem(int code) => code switch
    {
        4001 => "unknown value, or one you may not set",
        4003 or 4012 => "missing",
        4009 or 4014 => "cannot be changed",
        4016 => "times do not fit",
        4021 => "wrong type",
        _ => "refused",
    };
}
