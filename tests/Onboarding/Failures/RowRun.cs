using System.Diagnostics;
using Sidecar.Tests.Harness;

namespace Sidecar.Tests.Onboarding.Failures;

/// <summary>Runs one row: the command with the trouble, then without it, and what is there in the end.</summary>
internal sealed class RowRun
{
    // The built programs compile themselves while they run.
    private static readonly int Patience = Stage.IsPublished ? 4 : 10;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(3);

    private readonly List<string> _problems = [];
    private readonly Row _row;
    private readonly Scene _scene;

    private RowRun(Row row, Scene scene) => (_row, _scene) = (row, scene);

    public static async Task<Outcome> RunAsync(Row row)
    {
        var outcome = new Outcome("", []);
        try
        {
            // When it goes it looks for secrets in all that was written.
            await using var desk = await Desk.SetAsync();
            desk.Timeout = Patience;
            outcome = await new RowRun(row, new Scene(desk)).RunAsync();
        }
        catch (Exception exception)
        {
            return outcome with { Problems = [.. outcome.Problems, $"{exception}"] };
        }

        return outcome;
    }

    private async Task<Outcome> RunAsync()
    {
        _row.Deed.Prepare(_scene);
        var (before, beforeButVerified) = (_scene.State(), _scene.State(withVerified: false));
        foreach (var fault in _row.Trouble.Faults(_row.Call, [.. _row.Deed.Calls.Take(_row.At)])) _scene.Desk.Simulator.Faults.Add(fault);
        var ran = _row.Trouble.IsKill() ? await KillAsync() : await DoAsync();
        _scene.Desk.Simulator.Faults.Clear();
        Hold(_scene.Desk.Simulator.Journal.Since().Any(entry => entry.Fault is not null), "the trouble met no call");
        Hold(!_row.Deed.OnlyLooks || _scene.State(withVerified: false) == beforeButVerified, "something was changed");

        if (ran.ExitCode == 0)
        {
            Hold([.. _row.Deed.Missing(_scene, 0)], $"it says that all is well:\n{ran.Output}");
            return new Outcome(Outcome.GoesOn, _problems);
        }

        var isChanged = _scene.State() != before;
        var isRevoked = ran.Output.Contains("was revoked again", StringComparison.Ordinal);
        if (!_row.Trouble.IsKill()) Judge(ran, isChanged, isRevoked);
        var again = await DoAsync();
        Hold(again.ExitCode == 0, $"the rerun failed:\n{again.Output}\nafter:\n{ran.Output}");
        Hold([.. _row.Deed.Missing(_scene, _row.StrayGrants)], $"after the rerun:\n{again.Output}\nafter:\n{ran.Output}");
        return new Outcome(
            (_row.StrayGrants, isChanged, isRevoked) switch
            {
                ( > 0, _, _) => Outcome.Stray,
                (_, true, true) => Outcome.StoredAndRevoked,
                (_, true, _) => Outcome.Rest,
                (_, _, true) => Outcome.RevokedAgain,
                _ => Outcome.Nothing,
            },
            _problems);
    }

    private void Judge(Ran ran, bool isChanged, bool isRevoked)
    {
        Hold(ran.ExitCode == 1, $"the exit code is {ran.ExitCode}:\n{ran.Output}");
        Hold(Says("Next:") || (_row.Deed.OnlyLooks && Says("wrong.")), $"it does not say what to do next:\n{ran.Output}");
        if (_row.Deed.IsList || _row.Deed.OnlyLooks) return;
        Hold(Says("Nothing was changed.") || Says("Done before that:") || Says("Nothing else was changed."), $"it does not say what was changed:\n{ran.Output}");
        if (Says("Nothing was changed.")) Hold(!isChanged && !isRevoked, $"it says that nothing was changed:\n{ran.Output}\nbut now:\n{_scene.State()}");

        bool Says(string words) => ran.Output.Contains(words, StringComparison.Ordinal);
    }

    private Task<Ran> DoAsync()
    {
        var (arguments, input) = _row.Deed.Words(_scene);
        return _scene.Desk.RunAsync(arguments, input);
    }

    private async Task<Ran> KillAsync()
    {
        var (arguments, input) = _row.Deed.Words(_scene);
        await using var process = _scene.Desk.Start(arguments);
        await process.Input.WriteAsync(input);
        process.Input.Close();
        var start = Stopwatch.StartNew();
        while (!_scene.Desk.Simulator.Journal.Since().Any(entry => entry.Fault is not null && (entry.Changed is not null || _row.Trouble == Trouble.KilledBefore)))
        {
            if (process.HasExited || start.Elapsed > Longest) throw new InvalidOperationException($"It did not come so far:\n{process.Output}");
            await Task.Delay(20);
        }

        process.Kill();
        return new Ran(await process.WaitForExitAsync(Longest), process.Output);
    }

    private void Hold(bool holds, string problem)
    {
        if (!holds) _problems.Add(problem);
    }

    private void Hold(IReadOnlyList<string> missing, string when) => Hold(missing.Count == 0, $"{string.Join("; ", missing)}; {when}");
}
