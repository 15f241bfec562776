using System.Globalization;
using Google.Protobuf;
using Sidecar.Broker.Credentials;
using Sidecar.Broker.Sdp;
using Sidecar.Broker.Tokens;
using Sidecar.Contract;

namespace Sidecar.Broker.Operations.Fate;

/// <summary>
/// Sees the making of a record through to an end that is known: where the answer is lost, the record is looked for, and a
/// caller who asks again for the same gets the first one.
/// </summary>
internal sealed class TracedWrites(Tracer tracer, WriteLedger ledger, CredentialStore credentials, TimeProvider clock)
{
    // So long after it was given up an instance may still carry out a call; until then, not being there proves nothing.
    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(2), Patience = TimeSpan.FromSeconds(20);

    // A list may show a new record only after a moment.
    private static readonly TimeSpan[] Pauses = [TimeSpan.Zero, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)];

    /// <summary>Makes the record, or finds the one that the same call made before.</summary>
    /// <param name="operation">The write.</param>
    /// <param name="request">What it is asked with.</param>
    /// <param name="send">Sends it once; null if the answer is a success without a record.</param>
    /// <param name="cancellationToken">The caller leaves; the write is seen through all the same.</param>
    /// <exception cref="FailureException">It was not made, or it is not known whether it was.</exception>
    public async Task<IMessage> MakeAsync(Operation operation, IMessage request, Func<Task<IMessage?>> send, CancellationToken cancellationToken)
    {
        var key = WriteLedger.Key(operation, request, await credentials.RequireAsync(cancellationToken));
        if (ledger.Find(key) is { } earlier && await SettleAsync(operation, request, key, earlier, cancellationToken) is { } made) return made;

        var sent = clock.GetUtcNow();
        var outcome = new TaskCompletionSource<IMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        var write = new OpenWrite(sent, outcome.Task, cancellationToken);
        ledger.Keep(key, write);
        try
        {
            var record = await SendAsync(operation, request, send, sent);
            if (!cancellationToken.IsCancellationRequested) ledger.Forget(key, write);
            outcome.SetResult(record);
            return record;
        }
        catch (Exception exception)
        {
            write.Ended = clock.GetTimestamp();
            if (ChangedNothing(exception)) ledger.Forget(key, write);
            outcome.SetException(exception);
            // Nobody may ever ask for it.
            _ = outcome.Task.Exception;
            throw;
        }
    }

    /// <summary>What became of the same call made before; null if none was, or it is shown that it did not happen. Sends nothing.</summary>
    /// <exception cref="FailureException">That is still not known.</exception>
    public async Task<IMessage?> RecallAsync(Operation operation, IMessage request, CancellationToken cancellationToken)
    {
        var key = WriteLedger.Key(operation, request, await credentials.RequireAsync(cancellationToken));
        return ledger.Find(key) is { } earlier ? await SettleAsync(operation, request, key, earlier, cancellationToken) : null;
    }

    private async Task<IMessage> SendAsync(Operation operation, IMessage request, Func<Task<IMessage?>> send, DateTimeOffset sent)
    {
        SdpException doubt;
        try
        {
            if (await send() is { } record && Id(record).Length > 0)
            {
                tracer.Claim(operation, request, Id(record));
                return record;
            }

            doubt = new SdpException(SdpFailure.Unreadable, "success without the record");
        }
        catch (SdpException failure) when (failure.LeavesOpen)
        {
            doubt = failure;
        }

        var (sighting, found, id) = await LookAsync(operation, request, sent);
        var told = Translator.Translate(doubt, operation);
        if (found is not null && doubt.Failure != SdpFailure.Warning) return Noticed(found);
        throw new FailureException(sighting switch
        {
            Sighting.Found => told with { Message = $"{told.Message} It was made, with id {Quote.Line(id ?? "", 40)}, but not all was applied.", Changed = Changed.Partly, Next = "Do not make it again: read it, and change what is missing." },
            // An answer of the application itself: nothing more will come of that call.
            Sighting.NotThere when doubt.IsFinal => told with { Message = $"{told.Message} It was looked for afterwards and is not there.", Changed = Changed.Nothing, Next = "Nothing was changed; try again later." },
            _ => told with { Message = $"{told.Message} {Seen(sighting, id)}", Next = Repeatable },
        }, doubt);
    }

    private const string Repeatable =
        "Look for it before you do anything else. The very same call may be made again within fifteen minutes: if the first was carried out, it returns that one and makes no second, unless the broker was started anew in between.";

    private async Task<(Sighting, IMessage?, string?)> LookAsync(Operation operation, IMessage request, DateTimeOffset sent)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        (Sighting Sighting, IMessage? Record, string? Id) look = (Sighting.Unclear, null, null);
        foreach (var pause in Pauses)
        {
            if (pause > TimeSpan.Zero) await Task.Delay(pause, clock, CancellationToken.None);
            look = await tracer.LookAsync(operation, request, sent, patience.Token);
            if (look.Sighting is Sighting.Found or Sighting.MayBeThere || patience.IsCancellationRequested) break;
        }

        return look;
    }

    // The outcome of the earlier call; null if it is shown that it did not happen, so that this one may be sent.
    private async Task<IMessage?> SettleAsync(Operation operation, IMessage request, string key, OpenWrite earlier, CancellationToken cancellationToken)
    {
        try
        {
            return await FindOutAsync(operation, request, key, earlier, cancellationToken);
        }
        catch (OperationCanceledException exception) when (cancellationToken.IsCancellationRequested)
        {
            // This call changed nothing, and the one before may have: for the caller they are one.
            throw new FailureException(Translator.OutcomeUnknown(
                "The same call was sent before, what became of it is not known yet, and this one ended while it waited. It was not sent again."), exception);
        }
    }

    private async Task<IMessage?> FindOutAsync(Operation operation, IMessage request, string key, OpenWrite earlier, CancellationToken cancellationToken)
    {
        try
        {
            var made = await earlier.Outcome.WaitAsync(cancellationToken);
            // Whose caller has it is done with: this is another wish.
            if (!earlier.Caller.IsCancellationRequested) return null;
            Delivered();
            return made;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && ChangedNothing(exception))
        {
            ledger.Forget(key, earlier);
            return null;
        }
        catch (FailureException failure) when (failure.Failure.Changed == Changed.Unknown)
        {
            // Its end was not known then.
        }

        var (sighting, found, id) = await tracer.LookAsync(operation, request, earlier.Sent, cancellationToken);
        if (found is not null)
        {
            Delivered();
            return Noticed(found);
        }

        var age = earlier.Ended is { } ended ? clock.GetElapsedTime(ended) : TimeSpan.Zero;
        if (sighting == Sighting.NotThere && age >= Settling)
        {
            ledger.Forget(key, earlier);
            return null;
        }

        // Asked for again, it is not forgotten.
        ledger.Keep(key, earlier);
        throw new FailureException(Translator.OutcomeUnknown(
            $"The same call was sent {Math.Ceiling(age.TotalSeconds).ToString(CultureInfo.InvariantCulture)} seconds ago and what became of it is not known. It was not sent again. {Seen(sighting, id)}") with
        {
            Next = Repeatable,
            RetryAfter = age < Settling ? Settling - age : TimeSpan.FromMinutes(1),
        });

        void Delivered()
        {
            if (!cancellationToken.IsCancellationRequested) ledger.Forget(key, earlier);
        }
    }

    private static string Seen(Sighting sighting, string? id) => sighting switch
    {
        Sighting.NotThere => "It was looked for and is not there so far.",
        Sighting.MayBeThere => $"One much like it was made at that time, with id {Quote.Line(id ?? "", 40)}: see whether that is it.",
        _ => "It could not be looked for.",
    };

    private static bool ChangedNothing(Exception exception) => exception
        is FailureException { Failure.Changed: Changed.Nothing } or SdpException { LeavesOpen: false }
        or TokenException or CredentialException or OperationCanceledException;

    private static string Id(IMessage record) => record.Descriptor.FindFieldByName("id")?.Accessor.GetValue(record) as string ?? "";

    private static IMessage Noticed(IMessage record)
    {
        if (record.Descriptor.FindFieldByName("notice") is { } notice)
            notice.Accessor.SetValue(record, "The answer of ServiceDesk Plus was lost; this is what it made, found afterwards.");
        return record;
    }
}
