using Sidecar.Simulator;

namespace Sidecar.Soak.Trouble;

/// <summary>How ServiceDesk Plus, or what stands before it, misbehaves: the faults of the fault matrix, drawn at random.</summary>
internal static class SdpFaults
{
    private static readonly string[] Everything = [""], Adding = ["/requests$", "/notes$", "/notifications$"], Changing = [@"/requests/\d+$", "close$"];
    private static readonly Dictionary<string, string> SoonAgain = new() { ["Retry-After"] = "1" };

    /// <summary>One name and the fault that it stands for.</summary>
    public static (string Name, Fault Fault) Draw(Random dice)
    {
        var after = dice.Next(2) == 0;
        var (name, fault) = dice.Next(17) switch
        {
            0 => ("reset", Of(FaultKind.Reset)),
            1 => ("reset after the headers", Of(FaultKind.ResetAfterHeaders)),
            2 => ("cut in the middle", Of(FaultKind.Truncate)),
            3 => ("hang", Of(FaultKind.Hang) with { Times = 1 }),
            4 => ("delay", Of(FaultKind.Delay) with { DelayMs = dice.Next(100, 2500) }),
            5 => ("drip", Of(FaultKind.Drip) with { DelayMs = dice.Next(20, 500) }),
            6 => ("garbage after the answer", Of(FaultKind.Garbage)),
            7 => ("login page", Of(FaultKind.Html)),
            8 => ("server error", Of(FaultKind.Status) with { Status = dice.Next(500, 505), Body = dice.Next(2) == 0 ? "" : Refusal(4004) }),
            9 => ("huge answer", Of(FaultKind.Body) with { Body = "{\"x\":\"" + new string('y', 2_000_000) }),
            10 => ("warning", Of(FaultKind.Body) with { Body = """{"response_status":{"status_code":3000,"status":"warning","messages":[{"status_code":4003,"fields":["priority"]}]}}""" }),
            11 => ("success without the record", Of(FaultKind.Body) with { Body = """{"response_status":{"status_code":2000,"status":"success"}}""" }),
            // What says that nothing happened speaks the truth: these never come after the effect.
            12 => ("throttled", Of(FaultKind.Status) with { Status = dice.Next(2) == 0 ? 429 : 400, Body = Refusal(4015), Headers = SoonAgain, After = false }),
            13 => ("refused", Of(FaultKind.Status) with { Status = 400, Body = Refusal(dice.Next(2) == 0 ? 4001 : 4012), After = false }),
            14 => ("forbidden or gone", Of(FaultKind.Status) with { Status = dice.Next(2) == 0 ? 403 : 404, Body = Refusal(dice.Next(2) == 0 ? 4002 : 4007), After = false }),
            15 => ("token not accepted", Of(FaultKind.Status) with { Status = 401, Body = "", Method = "POST", Path = "/(notes|notifications)$", Times = 1, After = false }),
            _ => ("connections refused", new Fault { Service = Service.Sdp, Kind = FaultKind.Refuse, Times = dice.Next(1, 4) }),
        };
        var inTime = fault.After && fault.Kind is not (FaultKind.ResetAfterHeaders or FaultKind.Truncate or FaultKind.Delay or FaultKind.Drip or FaultKind.Garbage);
        return (inTime ? $"{name}, with effect" : name, fault);

        Fault Of(FaultKind kind)
        {
            var method = dice.Next(5) switch { 0 => "GET", 1 or 2 => "PUT", _ => "POST" };
            var paths = dice.Next(3) == 0 ? Everything : method switch { "POST" => Adding, "PUT" => Changing, _ => Everything };
            var path = paths[dice.Next(paths.Length)];
            return new Fault { Service = Service.Sdp, Kind = kind, Method = method, Path = path.Length > 0 ? path : null, Times = dice.Next(1, 5), After = after };
        }
    }

    private static string Refusal(int code) =>
        $$$"""{"response_status":{"status_code":4000,"status":"failed","messages":[{"status_code":{{{code}}},"type":"failed","field":"priority"}]}}""";
}
