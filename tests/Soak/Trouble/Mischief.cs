using System.Diagnostics;

namespace Sidecar.Soak.Trouble;

/// <summary>Makes the mishaps of a plan happen.</summary>
internal sealed class Mischief(Scene scene, int seed)
{
    private static readonly TimeSpan MidCall = TimeSpan.FromMilliseconds(200), Paused = TimeSpan.FromSeconds(1);

    private readonly Random _dice = new(seed);

    public async Task RunAsync(IReadOnlyList<Mishap> plan, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        foreach (var mishap in plan)
        {
            var early = mishap.At - Stopwatch.GetElapsedTime(start);
            if (early > TimeSpan.Zero) await Task.Delay(early, cancellationToken);
            foreach (var fault in mishap.Faults) scene.Simulator.Faults.Add(fault);
            await StrikeAsync(mishap.Blow, cancellationToken);
            var left = mishap.At + mishap.For - Stopwatch.GetElapsedTime(start);
            if (left > TimeSpan.Zero) await Task.Delay(left, cancellationToken);
            scene.Simulator.Faults.Clear();
        }
    }

    private async Task StrikeAsync(Blow blow, CancellationToken cancellationToken)
    {
        switch (blow)
        {
            case Blow.KillBroker:
                await Task.Delay(MidCall, cancellationToken);
                await scene.KillBrokerAsync(TimeSpan.FromMilliseconds(_dice.Next(50, 800)), cancellationToken);
                break;
            case Blow.KillShim:
                await Task.Delay(MidCall, cancellationToken);
                await scene.KillShimAsync(TimeSpan.FromMilliseconds(_dice.Next(50, 800)), cancellationToken);
                break;
            case Blow.PauseBroker:
                scene.Broker.Pause();
                await Task.Delay(Paused, cancellationToken);
                scene.Broker.Resume();
                break;
            case Blow.ExpireTokens:
                scene.Simulator.Accounts.ExpireAccessTokens();
                break;
            case Blow.RotateCredential:
                scene.Rotate();
                break;
            case Blow.RotateRevokedCredential:
                scene.Simulator.Accounts.RevokeAll();
                await Task.Delay(Paused, cancellationToken);
                scene.Rotate();
                break;
            default:
                break;
        }
    }
}
