using System.Text;

namespace Sidecar.Simulator.Hosting;

/// <summary>Sends an answer, well or badly. Waits run on real time: the client's time limits do too.</summary>
internal static class FaultySender
{
    private const string LoginPage =
        "<!DOCTYPE html><html><head><title>Zoho Accounts</title></head><body><form id=\"login\">Sign in to continue</form></body></html>";

    public static Answer Login { get; } = Answer.Html(LoginPage);

    /// <param name="context">The request.</param>
    /// <param name="fault">What is to go wrong, if anything.</param>
    /// <param name="proper">Carries the request out and makes the answer that it ought to get.</param>
    /// <param name="cleared">Completes when the faults are removed.</param>
    /// <returns>The status that went out, or null if none did.</returns>
    public static async Task<int?> SendAsync(HttpContext context, Fault? fault, Func<Answer> proper, Task cleared)
    {
        // With "after" the request takes effect before anything goes wrong.
        var effect = fault is { After: true } ? proper() : null;
        Answer Proper() => effect ?? proper();

        switch (fault?.Kind)
        {
            case null:
                return await SendAsync(context, Proper());
            case FaultKind.Status or FaultKind.Body:
                return await SendAsync(context, Given(fault));
            case FaultKind.Html:
                return await SendAsync(context, Login with { Status = fault.Status ?? 200 });
            case FaultKind.Garbage:
                var good = Proper();
                return await SendAsync(context, good with { Body = [.. good.Body, .. "\u0000<!-- not JSON"u8] });
            case FaultKind.Mislabelled:
                return await SendAsync(context, Proper() with { ContentType = fault.ContentType });
            case FaultKind.ResetAfterBody:
                // Nobody is to send the next request on a connection that is about to be cut.
                context.Response.Headers.Connection = "close";
                var whole = await SendAsync(context, Proper());
                await context.Response.Body.FlushAsync();
                // A reset takes along what the client has not read yet.
                await Wait(fault.DelayMs, context.RequestAborted);
                context.Abort();
                return whole;
            case FaultKind.Late:
                context.Abort();
                await cleared;
                Proper();
                return null;
            case FaultKind.Delay:
                await Wait(fault.DelayMs, context.RequestAborted);
                return await SendAsync(context, Proper());
            case FaultKind.Hang:
                await Wait(600_000, context.RequestAborted);
                break;
            case FaultKind.Drip:
                return await DripAsync(context, Proper(), fault.DelayMs);
            case FaultKind.Huge:
                return await HugeAnswer.SendAsync(context, fault);
            case FaultKind.ResetAfterHeaders or FaultKind.Truncate:
                var cut = Proper();
                Head(context, cut);
                await context.Response.StartAsync();
                if (fault.Kind == FaultKind.Truncate)
                    await context.Response.Body.WriteAsync(cut.Body.AsMemory(0, cut.Body.Length / 2));
                await context.Response.Body.FlushAsync();
                context.Abort();
                return cut.Status;
            default:
                break;
        }

        context.Abort();
        return null;
    }

    private static Answer Given(Fault fault)
    {
        var body = Encoding.UTF8.GetBytes(fault.Body ?? "");
        var answer = new Answer(fault.Status ?? 200, body.Length == 0 ? null : fault.ContentType ?? "application/json;charset=UTF-8", body);
        return fault.Headers is null ? answer : answer with { Headers = [.. fault.Headers] };
    }

    private static async Task<int?> SendAsync(HttpContext context, Answer answer)
    {
        Head(context, answer);
        // A 204 may not be written to at all, not even nothing.
        if (answer.Body.Length > 0)
            await context.Response.Body.WriteAsync(answer.Body);
        return answer.Status;
    }

    private static async Task<int?> DripAsync(HttpContext context, Answer answer, int delayMs)
    {
        Head(context, answer);
        var piece = Math.Max(1, answer.Body.Length / 10);
        for (var at = 0; at < answer.Body.Length; at += piece)
        {
            await context.Response.Body.WriteAsync(answer.Body.AsMemory(at, Math.Min(piece, answer.Body.Length - at)));
            await context.Response.Body.FlushAsync();
            await Wait(delayMs, context.RequestAborted);
        }

        return answer.Status;
    }

    private static void Head(HttpContext context, Answer answer)
    {
        context.Response.StatusCode = answer.Status;
        if (answer.ContentType is not null)
            context.Response.ContentType = answer.ContentType;
        foreach (var (name, value) in answer.Headers)
            context.Response.Headers.Append(name, value);
        if (answer.Status is not 204 and not 304)
            context.Response.ContentLength = answer.Body.Length;
    }

    private static async Task Wait(int milliseconds, CancellationToken gone)
    {
        try
        {
            await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System, gone);
        }
        catch (OperationCanceledException)
        {
            // The client went away: what follows is sent to nobody.
        }
    }
}
