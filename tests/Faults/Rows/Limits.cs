using Sidecar.Simulator;
using Sidecar.Tests.Faults.Matrix;

namespace Sidecar.Tests.Faults.Rows;

/// <summary>ServiceDesk Plus has had too many calls. It did not take the call, so that it may be sent again once the lock is over.</summary>
internal static class Limits
{
    private const string Group = "Limits of ServiceDesk Plus";

    public static IEnumerable<FaultRow> Rows =>
    [
        .. from status in new[] { 429, 400 }
           from shape in Bodies.Shapes
           select Limited($"4015 with HTTP {status}, {shape}", status, Bodies.Status(shape, 4000, "failed", 4015), null),
        Limited("4015 with HTTP 429, Retry-After: 120", 429, Bodies.Status("object", 4000, "failed", 4015), "120"),
        Limited("4015 with HTTP 400, Retry-After: 120", 400, Bodies.Status("object", 4000, "failed", 4015), "120"),
        Limited("HTTP 429 without a body", 429, "", null),
        Limited("4015 with HTTP 429, Retry-After: 2", 429, Bodies.Status("object", 4000, "failed", 4015), "2") with { Effect = Effect.ThrottledShortly },
    ];

    private static FaultRow Limited(string name, int status, string body, string? retryAfter) => new(Group, name, Effect.Throttled)
    {
        Told = "RATE_LIMITED",
        Says = "Wait ",
        // Refused, hence not taken: it may be sent again.
        Writes = 4,
        Struck = new Fault
        {
            Service = Service.Sdp,
            Kind = FaultKind.Status,
            Status = status,
            Body = body,
            Headers = retryAfter is null ? null : new Dictionary<string, string> { ["Retry-After"] = retryAfter },
        },
    };
}
