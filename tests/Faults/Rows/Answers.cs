using System.Globalization;
using Sidecar.Simulator;
using Sidecar.Tests.Faults.Matrix;

namespace Sidecar.Tests.Faults.Rows;

/// <summary>Answers that are not the API's, or not whole.</summary>
internal static class Answers
{
    private const string Group = "Answers that say neither yes nor no";
    private const string CutJson = """{"request":{"id":"1000000000000000","subject":"cu""";

    public static IEnumerable<FaultRow> Rows =>
    [
        .. Both("truncated JSON", "NO_ANSWER", Given(CutJson)),
        .. Both("HTML login page with HTTP 200", "NOT_THE_API", Sdp(FaultKind.Html)),
        .. Both("redirect to another host", "NOT_THE_API", Given("") with { Status = 302, Headers = new Dictionary<string, string> { ["Location"] = "https://elsewhere.invalid/" } }),
        .. Both("JSON that is no answer", "NOT_THE_API", Given("[1, 2, 3]")),
        // What comes before them is whole.
        new(Group, "bytes after the JSON", Effect.Harmless) { Struck = Sdp(FaultKind.Garbage) },
        new(Group, "proper answer, called text/plain", Effect.Harmless) { Struck = Sdp(FaultKind.Mislabelled) with { ContentType = "text/plain" } },
        new(Group, "proper answer, called text/html", Effect.LostDone) { ReadTold = "NOT_THE_API", Struck = Sdp(FaultKind.Mislabelled) with { ContentType = "text/html" } },
        new(Group, "answer of 50 MB", Effect.LostDone) { ReadTold = "TOO_LARGE", Struck = Sdp(FaultKind.Huge) with { After = true } },
        .. new[] { 500, 502, 503, 504 }.SelectMany(status => Both(
            $"HTTP {status.ToString(CultureInfo.InvariantCulture)} of a gateway", "SERVER_ERROR", Given("<html><body>Bad Gateway</body></html>") with { Status = status, ContentType = "text/html" })),
        new(Group, "HTTP 503 with Retry-After, not done", Effect.Lost)
        {
            ReadTold = "SERVER_ERROR",
            Struck = Given("") with { Status = 503, Headers = new Dictionary<string, string> { ["Retry-After"] = "1" } },
        },
        new(Group, "HTTP 408, not done", Effect.Lost) { Struck = Given("") with { Status = 408 } },
    ];

    private static IEnumerable<FaultRow> Both(string name, string readTold, Fault struck) =>
    [
        new(Group, $"{name}, not done", Effect.Lost) { ReadTold = readTold, Struck = struck },
        new(Group, $"{name}, done", Effect.LostDone) { ReadTold = readTold, Struck = struck with { After = true } },
    ];

    private static Fault Given(string body) => Sdp(FaultKind.Body) with { Body = body };

    private static Fault Sdp(FaultKind kind) => new() { Service = Service.Sdp, Kind = kind };
}
