using Sidecar.Broker.Hosting;
using Sidecar.Broker.Onboarding.Terminals;

namespace Sidecar.Broker.Onboarding.Bulk;

/// <summary><c>broker onboard --from</c>: many users with the credentials they have, each row for itself.</summary>
internal static class BulkOnboarding
{
    private const int MostFailuresShown = 20;

    // Time for the rows under way after Ctrl-C; none of them is left half written in any case.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    /// <param name="terminal">Where it is told.</param>
    /// <param name="surroundings">The ways out.</param>
    /// <param name="vaultUri">The vault.</param>
    /// <param name="wish">What is wanted.</param>
    /// <param name="deeds">Takes note of what is written.</param>
    /// <param name="cancellationToken">Ctrl-C: rows under way are finished, no other is begun.</param>
    /// <returns>0 if every row is in place.</returns>
    /// <exception cref="CommandFailure">The list cannot be used, or the report cannot be written.</exception>
    public static async Task<int> RunAsync(Terminal terminal, Surroundings surroundings, Uri vaultUri, BulkWish wish, Deeds deeds, CancellationToken cancellationToken)
    {
        var clock = TimeProvider.System;
        var rows = await UserList.ReadAsync(wish.List, wish.Access, cancellationToken);
        var tally = new BulkTally(rows);
        // Whether it can be written is known before anything is done.
        if (wish.Report is { } report) BulkReport.Write(report, tally.Results);
        terminal.Say($"{Rows(rows.Count)} in {wish.List}, {rows.Count(row => !row.IsGood)} of them bad.");

        using var pace = new VaultPace(clock);
        var work = new RowWork(surroundings.Vault(vaultUri, pace), surroundings, wish, deeds, clock);
        await new BulkProgress(terminal, clock).ShowAsync(rows.Count, tally, () => WorkAsync(rows, work, tally, wish.Parallel, cancellationToken));

        var results = tally.Results;
        Tell(terminal, results, tally, wish, cancellationToken.IsCancellationRequested);
        if (wish.Report is not null) BulkReport.Write(wish.Report, results);
        return results.All(result => result.Outcome < RowOutcome.Failed) ? 0 : ExitCodes.Failed;
    }

    private static async Task WorkAsync(IReadOnlyList<BulkRow> rows, RowWork work, BulkTally tally, int parallel, CancellationToken cancellationToken)
    {
        using var last = new CancellationTokenSource();
        await using var ended = cancellationToken.Register(() => last.CancelAfter(Grace));
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            await Parallel.ForEachAsync(rows, new ParallelOptions { MaxDegreeOfParallelism = parallel, CancellationToken = enough.Token }, async (row, _) =>
            {
                tally.Add(await work.DoAsync(row, last.Token));
                if (tally.IsHopeless) await enough.CancelAsync();
            });
        }
        catch (OperationCanceledException) when (enough.IsCancellationRequested)
        {
            // What was not reached is told.
        }
    }

    private static void Tell(Terminal terminal, IReadOnlyList<RowResult> results, BulkTally tally, BulkWish wish, bool isInterrupted)
    {
        var failed = results.Where(result => result.Outcome == RowOutcome.Failed).ToList();
        var left = results.Count(result => result.Outcome == RowOutcome.NotReached);
        if (failed.Count > 0) terminal.Head("Not in place");
        foreach (var result in failed.Take(MostFailuresShown)) terminal.Bad($"line {result.Row.Line}, {result.Row.User?.Email ?? "no user"}: {result.Reason}");
        if (failed.Count > MostFailuresShown) terminal.Say($"And {failed.Count - MostFailuresShown} more{(wish.Report is null ? "; --report FILE lists them all" : $", listed in {wish.Report}")}.");

        terminal.Say();
        if (left > 0) terminal.Bad($"{(isInterrupted ? "Interrupted" : "Given up, because row after row failed for the same reason")}: {Rows(left)} not reached.");
        var summary = $"{Rows(results.Count)}{(wish.DryRun ? " would be" : "")}: {tally}.";
        if (failed.Count + left == 0) terminal.Good(summary);
        else terminal.Bad(summary);
        if (wish.DryRun) terminal.Say("Nothing was changed.");
        if (wish.Report is not null) terminal.Say($"Each row is told in {wish.Report}.");
        if (failed.Count + left > 0) terminal.Say("Next: mend what failed and run the command again with the same list: what is in place is left alone.");
    }

    private static string Rows(int count) => count == 1 ? "1 row" : $"{count} rows";
}
