using Sidecar.Broker.Onboarding.Terminals;
using Spectre.Console;

namespace Sidecar.Broker.Onboarding;

/// <summary>The time that running brokers have to read a new credential before the one before ends.</summary>
internal sealed class GracePeriod(Terminal terminal)
{
    /// <summary>A broker reads its secret every five minutes, a little earlier or later.</summary>
    public static readonly TimeSpan Default = TimeSpan.FromMinutes(6);

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);

    public async Task PassAsync(TimeSpan grace, CancellationToken cancellationToken)
    {
        var words = $"Leaving running brokers {grace.TotalMinutes:0.#} minutes to read the new credential before the one before ends";
        if (!terminal.IsInteractive)
        {
            terminal.Say(words);
            await Task.Delay(grace, TimeProvider.System, cancellationToken);
            return;
        }

        await terminal.Ansi.Progress().AutoClear(true).StartAsync(async progress =>
        {
            var bar = progress.AddTask(Markup.Escape(words), maxValue: grace.TotalSeconds);
            for (var start = TimeProvider.System.GetTimestamp(); !bar.IsFinished; bar.Value = TimeProvider.System.GetElapsedTime(start).TotalSeconds)
                await Task.Delay(Tick, TimeProvider.System, cancellationToken);
        });
    }
}
