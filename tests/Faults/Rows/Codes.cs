using Sidecar.Simulator;
using Sidecar.Tests.Faults.Matrix;

namespace Sidecar.Tests.Faults.Rows;

/// <summary>Every documented status code, with response_status as an object and as an array, and HTTP statuses without any.</summary>
internal static class Codes
{
    private const string Group = "Refusals and errors of the instance";

    private static readonly (int Http, int Code, string Told)[] Refusals =
    [
        (400, 4001, "UNKNOWN_VALUE"), (403, 4002, "FORBIDDEN"), (400, 4005, "REFERENCED"), (404, 4007, "NOT_FOUND"), (400, 4008, "NOT_UNIQUE"),
        (400, 4009, "NOT_EDITABLE"), (400, 4012, "MANDATORY_MISSING"), (400, 4014, "NOT_EDITABLE"), (400, 4016, "WRONG_VALUE"),
        (400, 4021, "WRONG_VALUE"), (400, 7001, "LICENCE"),
        // Not the token, which is good for everything else.
        (401, 4022, "FORBIDDEN"),
        // HTTP says that all is well, and the body that it is not.
        (200, 4012, "MANDATORY_MISSING"),
    ];

    private static readonly (int Http, string Told)[] Bare = [(400, "REFUSED"), (403, "FORBIDDEN"), (404, "NOT_FOUND"), (413, "REFUSED"), (415, "REFUSED")];

    public static IEnumerable<FaultRow> Rows =>
    [
        .. from refusal in Refusals
           from shape in Bodies.Shapes
           select Refused($"{refusal.Code} with HTTP {refusal.Http}, {shape}", refusal.Told, refusal.Http, Bodies.Status(shape, 4000, "failed", refusal.Code)),
        .. Bare.Select(bare => Refused($"HTTP {bare.Http} without a body", bare.Told, bare.Http, "")),
        .. Bodies.Shapes.SelectMany(Internal),
        .. Bodies.Shapes.SelectMany(Warning),
        .. Bodies.Shapes.Select(shape => new FaultRow(Group, $"success 2000, nothing done, {shape}", Effect.Lied)
        {
            ReadTold = "NOT_THE_API", Struck = Given(200, Bodies.Status(shape, 2000, "success")),
        }),
        new(Group, "success 2000 without the record, done", Effect.LostDone)
        {
            ReadTold = "NOT_THE_API", Struck = Given(200, Bodies.Status(Bodies.Shapes[0], 2000, "success")) with { After = true },
        },
    ];

    private static FaultRow Refused(string name, string told, int http, string body) => new(Group, name, Effect.Refused)
    {
        Told = told, Struck = Given(http, body),
        // Closing has two spellings, and a path that is unknown proves that nothing happened.
        Writes = http == 404 ? 2 : 1,
    };

    private static IEnumerable<FaultRow> Warning(string shape)
    {
        var struck = Given(200, Bodies.Status(shape, 3000, "warning", 4003));
        return
        [
            new(Group, $"warning 3000, nothing done, {shape}", Effect.Warned) { Struck = struck },
            new(Group, $"warning 3000, done, {shape}", Effect.WarnedDone)
            {
                Struck = struck with { After = true },
                // It is closed; the field that is missing is not among those that can be read again.
                Except = new Dictionary<OperationClass, Expectation> { [OperationClass.Close] = new(Claim.Partly, "NOT_APPLIED", 1, 1, Next.GoesOn) },
            },
        ];
    }

    private static IEnumerable<FaultRow> Internal(string shape)
    {
        var struck = Given(500, Bodies.Status(shape, 4000, "failed", 4004));
        return
        [
            new(Group, $"4004 with HTTP 500, nothing done, {shape}", Effect.Failed) { Told = "SERVER_ERROR", Struck = struck },
            new(Group, $"4004 with HTTP 500, done, {shape}", Effect.FailedDone) { ReadTold = "SERVER_ERROR", Struck = struck with { After = true } },
        ];
    }

    private static Fault Given(int status, string body) => new() { Service = Service.Sdp, Kind = FaultKind.Status, Status = status, Body = body };
}
