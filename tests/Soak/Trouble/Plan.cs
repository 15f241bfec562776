using Sidecar.Simulator;

namespace Sidecar.Soak.Trouble;

/// <summary>All mishaps of one run, made from the seed before it begins.</summary>
internal static class Plan
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(3), TokenWindow = TimeSpan.FromMinutes(10);

    // Zoho gives ten in ten minutes; the first is the broker's own.
    private const int TokenCalls = 8;

    /// <summary>Mishaps one after the other, with a pause between two.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="duration">
    /// How long the load lasts. Processes are killed in its first half only: what lives through the second shows whether
    /// memory grows.
    /// </param>
    public static IReadOnlyList<Mishap> Make(int seed, TimeSpan duration)
    {
        var dice = new Random(seed);
        Deck<Blow> kills = new(dice, [Blow.KillBroker, Blow.KillShim, Blow.PauseBroker]), pauses = new(dice, [Blow.PauseBroker]);
        var troubles = new Deck<Func<(string, Blow, Fault[], int)>>(dice, [.. AccountTroubles.All(dice)]);
        List<Mishap> plan = [];
        List<TimeSpan> spent = [];
        for (var at = Quiet; at < duration - Quiet; at = plan[^1].At + plan[^1].For + TimeSpan.FromMilliseconds(dice.Next(300, 1500)))
        {
            var lasts = TimeSpan.FromMilliseconds(dice.Next(1000, 4000));
            plan.Add((plan.Count % 4) switch
            {
                1 => Process((at < duration / 2 ? kills : pauses).Draw()),
                3 => Account(),
                _ => Faulty("", Blow.None, dice.Next(1, 4)),
            });

            Mishap Process(Blow blow) => Faulty(blow switch
            {
                Blow.KillBroker => "broker killed",
                Blow.KillShim => "shim killed",
                _ => "broker paused",
            }, blow, dice.Next(2));

            Mishap Account()
            {
                spent.RemoveAll(call => at - call > TokenWindow);
                var (name, blow, faults, tokens) = troubles.Draw()();
                if (spent.Count + tokens > TokenCalls) return Faulty("", Blow.None, 2);
                spent.AddRange(Enumerable.Repeat(at, tokens));
                return new Mishap(at, lasts, name, blow, faults);
            }

            Mishap Faulty(string name, Blow blow, int count)
            {
                var drawn = Enumerable.Range(0, count).Select(_ => SdpFaults.Draw(dice)).ToList();
                // While it is killed, a write is on its way.
                var slow = new Fault { Service = Service.Sdp, Method = "POST", Kind = FaultKind.Delay, DelayMs = dice.Next(300, 900), Times = 3, After = dice.Next(2) == 0 };
                return new Mishap(
                    at, lasts, string.Join(" + ", new[] { name }.Where(part => part.Length > 0).Concat(drawn.Select(one => one.Name))), blow,
                    blow == Blow.None ? [.. drawn.Select(one => one.Fault)] : [slow, .. drawn.Select(one => one.Fault)]);
            }
        }

        return plan;
    }

    /// <summary>Gives each of some once in random order, then again.</summary>
    private sealed class Deck<T>(Random dice, IReadOnlyList<T> cards)
    {
        private readonly Queue<T> _left = new();

        public T Draw()
        {
            if (_left.Count == 0)
            {
                var shuffled = cards.ToArray();
                dice.Shuffle(shuffled);
                foreach (var card in shuffled) _left.Enqueue(card);
            }

            return _left.Dequeue();
        }
    }
}
