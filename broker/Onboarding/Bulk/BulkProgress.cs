using Sidecar.Broker.Onboarding.Terminals;
using Spectre.Console;

namespace Sidecar.Broker.Onboarding.Bulk;

/// <summary>Shows how far a run is: a bar for a person, a line every five seconds for a log.</summary>
internal sealed class BulkProgress(Terminal terminal, TimeProvider clock)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    /// <param name="all">Number of rows.</param>
    /// <param name="tally">What became of them so far.</param>
    /// <param name="work">The run.</param>
    public async Task ShowAsync(int all, BulkTally tally, Func<Task> work)
    {
        if (!terminal.IsInteractive)
        {
            var run = work();
            while (await Task.WhenAny(run, Task.Delay(Every, clock)) != run) terminal.Say($"{tally.Done} of {all} rows: {tally}.");
            await run;
            return;
        }

        await terminal.Ansi.Progress()
            .Columns(new SpinnerColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
            .StartAsync(async context =>
            {
                var bar = context.AddTask("…", maxValue: all);
                var run = work();
                while (await Task.WhenAny(run, Task.Delay(TimeSpan.FromMilliseconds(200), clock)) != run) Show(bar);
                Show(bar);
                await run;
            });

        void Show(ProgressTask bar) => (bar.Value, bar.Description) = (tally.Done, Markup.Escape($"{tally}"));
    }
}
