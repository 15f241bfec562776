using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Sidecar.Soak.Findings;
using Sidecar.Soak.Load;
using Sidecar.Tests.Containers.Pods.Running;

namespace Sidecar.Tests.Containers.Pods.Writes;

/// <summary>Callers of one pod that open requests and add notes without a pause, each write with a mark of its own; what they were told is kept.</summary>
internal sealed class WriteLoad(RunningPod pod, PodStage stage) : IDisposable
{
    private const int Seed = 1;

    private readonly ConcurrentQueue<Write> _writes = new();
    private readonly PodClient _client = pod.Client();
    private readonly Names _names = Names.Of(stage.Instance);
    private readonly CancellationTokenSource _end = new();
    private Task[] _callers = [];
    private int _marks;

    /// <summary>Writes that were told to be done.</summary>
    public int Done => _writes.Count(write => write.Outcome == Outcome.Done);

    /// <summary>Starts some callers.</summary>
    public void Start(int callers) => _callers = [.. Enumerable.Range(0, callers).Select(CallAsync)];

    /// <summary>Ends the load once what is begun was answered.</summary>
    public async Task StopAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_callers);
    }

    /// <summary>Opens a request, once.</summary>
    public Task<Reply> OpenAsync(int caller)
    {
        var mark = Write.Mark(Seed, caller, Interlocked.Increment(ref _marks));
        return SendAsync(new Write("create_request", mark, new JsonObject
        {
            ["subject"] = $"Load {mark}: printer",
            ["description"] = mark,
            ["requester"] = _names.Requesters[caller % _names.Requesters.Count],
            ["priority"] = _names.Priorities[caller % _names.Priorities.Count],
        }, null));
    }

    /// <summary>What is not as its caller was told; nothing if no write is lost or doubled.</summary>
    public IReadOnlyList<string> Problems()
    {
        var tally = new Tally(stage.Simulator);
        tally.Read(all: true);
        var judge = new Judge(stage.Instance, tally);
        return [.. from write in _writes let problem = judge.Problem(write) where problem is not null select $"{problem}: {write}"];
    }

    /// <summary>How the writes stand: so many done, unknown, failed.</summary>
    public override string ToString() =>
        $"{_writes.Count} writes: {Done} done, {Count(Outcome.Unknown)} unknown, {Count(Outcome.Nothing)} failed and nothing changed, {Count(Outcome.Partly)} in part";

    /// <summary>What was said of writes of one outcome.</summary>
    public IReadOnlyList<Reply> Told(Outcome outcome) => [.. _writes.Where(write => write.Outcome == outcome).SelectMany(write => write.Replies)];

    public void Dispose()
    {
        _client.Dispose();
        _end.Dispose();
    }

    private int Count(Outcome outcome) => _writes.Count(write => write.Outcome == outcome);

    private async Task CallAsync(int caller)
    {
        Ticket? ticket = null;
        while (!_end.IsCancellationRequested)
        {
            if (ticket is null || _marks % 2 == 0)
            {
                if ((await OpenAsync(caller)).Answer is { } opened) ticket = new Ticket((string)opened["id"]!, (string)opened["display_id"]!);
            }
            else
            {
                var mark = Write.Mark(Seed, caller, Interlocked.Increment(ref _marks));
                await SendAsync(new Write("add_note", mark, new JsonObject { ["request_id"] = ticket.Id, ["note"] = mark }, ticket));
            }

            // Nobody there: a client would wait a little too.
            await Task.Delay(20, CancellationToken.None);
        }
    }

    private async Task<Reply> SendAsync(Write write)
    {
        var reply = await _client.CallAsync(write.Tool, write.Arguments);
        write.Add(reply);
        _writes.Enqueue(write);
        return reply;
    }
}
