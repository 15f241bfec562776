using System.Collections.Concurrent;
using Sidecar.Tests.Containers.Pods.Running;
using Sidecar.Tests.Containers.Pods.Users;

namespace Sidecar.Density.Fleet;

/// <summary>The pods: most started a few at a time, the last ones one by one. Disposal removes all.</summary>
internal sealed class PodFleet(PodStage stage, DensityOptions options) : IAsyncDisposable
{
    private const int AtOnce = 3, OneByOne = 5, Removers = 4;

    private readonly Machine _before = Machine.Now();
    private readonly ConcurrentQueue<(int Pods, double Taken)> _growth = [];
    private readonly ConcurrentQueue<RunningPod> _together = [], _alone = [];

    /// <summary>Started together with others.</summary>
    public IReadOnlyCollection<RunningPod> Together => _together;

    /// <summary>Started alone, while all the others were there.</summary>
    public IReadOnlyCollection<RunningPod> Alone => _alone;

    public IReadOnlyList<RunningPod> Pods => [.. _together, .. _alone];

    /// <summary>What others than this process had taken of memory, in bytes, when so many pods were ready.</summary>
    public IReadOnlyCollection<(int Pods, double Taken)> Growth => _growth;

    /// <summary>Why there are fewer than were asked for; null: there are not.</summary>
    public string? EndedBy { get; private set; }

    /// <summary>The same now.</summary>
    public double Taken() => _before.TakenUntil(Machine.Now());

    /// <summary>Requests that the users may ask for.</summary>
    public IReadOnlyList<string> RequestIds => [.. stage.Instance.Records("requests").Select(row => (string)row["id"]!).Take(100)];

    /// <summary>Starts as many as were asked for, or as memory allows, or until one fails.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var users = Enumerable.Range(0, options.Pods).Select(number => stage.Onboard(number)).ToList();
        var few = Math.Min(OneByOne, users.Count);
        await StartAsync(users[..^few], AtOnce, _together, cancellationToken);
        await StartAsync(users[^few..], 1, _alone, cancellationToken);
    }

    public async ValueTask DisposeAsync() =>
        await Parallel.ForEachAsync(Pods, new ParallelOptions { MaxDegreeOfParallelism = Removers }, (pod, _) => pod.RemoveAsync());

    private void End(string why)
    {
        if (EndedBy is null) Console.WriteLine($"No further pods: {why}");
        EndedBy ??= why;
    }

    private Task StartAsync(IEnumerable<PodUser> users, int atOnce, ConcurrentQueue<RunningPod> started, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            users,
            new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellationToken },
            async (user, stop) =>
            {
                if (EndedBy is null && Machine.Now().Available < options.ReserveMegabytes * 1e6) End($"less than {options.ReserveMegabytes} MB are available");
                if (EndedBy is not null) return;
                try
                {
                    started.Enqueue(await stage.PlayAsync(user));
                }
                catch (Exception exception) when (exception is InvalidOperationException or TimeoutException)
                {
                    // After Ctrl-C podman is gone as well.
                    stop.ThrowIfCancellationRequested();
                    End($"one did not start: {exception.Message}");
                    return;
                }

                var (count, now) = (_together.Count + _alone.Count, Machine.Now());
                _growth.Enqueue((count, _before.TakenUntil(now)));
                if (count % 10 == 0) Console.WriteLine($"{count} pods, {now.Available / 1e6:0} MB available");
            });
}
