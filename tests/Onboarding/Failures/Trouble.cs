using Sidecar.Simulator;

namespace Sidecar.Tests.Onboarding.Failures;

/// <summary>What goes wrong with one call of a command.</summary>
internal enum Trouble
{
    /// <summary>Answered with a refusal, once.</summary>
    Refused,

    /// <summary>Not answered within the command's patience, and without effect; once.</summary>
    Hung,

    /// <summary>Told to come again later, once.</summary>
    Throttled,

    /// <summary>Carried out, and not answered within the command's patience; once.</summary>
    Late,

    /// <summary>A write that is never carried out nor answered, however often it is tried.</summary>
    Down,

    /// <summary>A write that is carried out, after which the service says nothing any more.</summary>
    Gone,

    /// <summary>The process is killed while the call is under way, and was not carried out.</summary>
    KilledBefore,

    /// <summary>The process is killed while the call is under way, and was carried out.</summary>
    KilledAfter,
}

/// <summary>The simulator's faults for a trouble, with the words of the service that is asked.</summary>
internal static class Troubles
{
    private const string Rbac = """{"error":{"code":"Forbidden","message":"Caller is not authorized to perform action on resource.","innererror":{"code":"ForbiddenByRbac"}}}""";

    /// <summary>Those that every call is given.</summary>
    public static readonly Trouble[] OfEvery = [Trouble.Refused, Trouble.Hung, Trouble.Throttled, Trouble.Late];

    /// <summary>Those that the writing of a secret is given beside.</summary>
    public static readonly Trouble[] OfWrites = [Trouble.Down, Trouble.Gone, Trouble.KilledBefore, Trouble.KilledAfter];

    public static bool IsKill(this Trouble trouble) => trouble is Trouble.KilledBefore or Trouble.KilledAfter;

    /// <param name="trouble">What goes wrong.</param>
    /// <param name="call">With what.</param>
    /// <param name="before">The calls before it, which are spared.</param>
    public static IEnumerable<Fault> Faults(this Trouble trouble, Call call, IReadOnlyList<Call> before)
    {
        var fault = new Fault { Service = call.Service, Method = call.Method, Path = call.Path, Skip = before.Count(call.IsLike), Times = 1, Kind = FaultKind.Hang };
        yield return trouble switch
        {
            Trouble.Refused => Refusal(fault),
            Trouble.Throttled => Throttling(fault),
            Trouble.Late or Trouble.Gone or Trouble.KilledAfter => fault with { After = true },
            Trouble.Down => fault with { Times = null },
            _ => fault,
        };
        if (trouble == Trouble.Gone) yield return new Fault { Service = call.Service, Skip = before.Count(one => one.Service == call.Service), Kind = FaultKind.Hang };
    }

    private static Fault Refusal(Fault fault) => fault with
    {
        Kind = FaultKind.Status,
        Status = fault.Service switch { Service.Entra => 401, Service.Accounts => 200, _ => 403 },
        Body = fault.Service switch
        {
            Service.Vault => Rbac,
            Service.Entra => """{"error":"invalid_client","error_description":"AADSTS700211: No matching federated identity record found."}""",
            // Most of Zoho's refusals come with HTTP 200.
            Service.Accounts => """{"error":"general_error"}""",
            _ => """{"response_status":{"status_code":4000,"status":"failed","messages":[{"status_code":4002,"type":"failed"}]}}""",
        },
    };

    private static Fault Throttling(Fault fault) => fault with
    {
        Kind = FaultKind.Status,
        Status = fault.Service == Service.Accounts ? 400 : 429,
        Headers = fault.Service == Service.Accounts ? null : new Dictionary<string, string> { ["Retry-After"] = "1" },
        Body = fault.Service switch
        {
            Service.Vault => """{"error":{"code":"Throttled","message":"Request was not processed because too many requests were received."}}""",
            Service.Entra => """{"error":"temporarily_unavailable","error_description":"AADSTS90055: Too many requests."}""",
            Service.Accounts => """{"error_description":"You have made too many requests continuously. Please try again after some time.","error":"Access Denied","status":"failure"}""",
            _ => """{"response_status":{"status_code":4000,"status":"failed","messages":[{"status_code":4015,"type":"failed"}]}}""",
        },
    };
}
