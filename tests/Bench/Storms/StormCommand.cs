using System.Globalization;
using System.Text;

namespace Sidecar.Bench.Storms;

/// <summary>All storms, and the document that tells how they went.</summary>
internal static class StormCommand
{
    private const int Seed = 1, Documented = 4000, Subscription = 5 * Documented;
    private static readonly TimeSpan TenSeconds = TimeSpan.FromSeconds(10), AtOnce = TimeSpan.FromMilliseconds(100);

    private static readonly Storm[] Storms =
    [
        new(2_000, TenSeconds, Documented),
        new(2_000, TenSeconds, 1_000),
        new(2_000, TenSeconds, 1_000) { RetryAfter = false },
        new(2_000, AtOnce, Documented),
        new(2_000, AtOnce, 1_000),
        new(10_000, TenSeconds, Documented),
        new(10_000, TenSeconds, Documented) { RetryAfter = false },
        new(10_000, TenSeconds, Documented) { Vaults = 10 },
        new(10_000, TenSeconds, Documented) { Vaults = 10, SubscriptionLimit = Subscription },
        new(10_000, TenSeconds, Documented) { Vaults = 10, SubscriptionLimit = Subscription / 4 },
    ];

    public static int Run(string? document)
    {
        var text = new StringBuilder(Head);
        foreach (var storm in Storms)
        {
            var result = StormRun.Run(storm, Seed);
            if (result.Early > 0) throw new InvalidOperationException($"{result.Early} calls came before the time that the vault had asked for.");
            text.Append(CultureInfo.InvariantCulture, $"""
                | {storm.Brokers:N0} within {Seconds(storm.Within)} | {storm.Vaults} × {storm.CallLimit:N0}{(storm.RetryAfter ? "" : ", no Retry-After")} | {(storm.SubscriptionLimit is { } limit ? $"{limit:N0}" : "–")} | {Seconds(storm.LeastTime)} | {Seconds(result.Ready[^1])} | {Seconds(StormResult.At(result.Waited, 50))} | {Seconds(StormResult.At(result.Waited, 99))} | {result.Calls:N0} | {result.Throttled:N0} |

                """);
        }

        text.Append(Foot);
        if (document is null) Console.Write(text);
        else File.WriteAllText(document, text.ToString());
        return 0;
    }

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s");

    private const string Head = """
        # Start storm

        What happens when thousands of pods start together, say after an upgrade of the cluster, and all read their secret. Written by

        ```
        dotnet run -c Release --project tests/Bench -- storm --document docs/start-storm.md
        ```

        | brokers start | vaults × calls in 10 s | calls of the subscription in 10 s | no less than | all ready after | a broker waits, p50 | p99 | calls | 429 |
        |---|---|--:|--:|--:|--:|--:|--:|--:|

        """;

    private const string Foot = """

        "All ready" counts from the first start, the waits from each broker's own. "No less than" is what the limit alone
        makes necessary: a cold client makes two calls, the challenge and the read, and so many fit into each 10 seconds.

        **What runs.** The broker's own `CredentialWatcher`, `CredentialStore` and `KeyVaultSource` and Microsoft's client with the
        broker's options, each broker with its own; only the vault behind the HTTP handler is simulated, with 20 to 80 ms for a
        call. Time is virtual, in steps of 5 ms, everything runs on one thread, and chance comes from a seed: the table is the
        same on every machine. The run fails if one call comes earlier than the vault's Retry-After allows.

        **The limits.** Documented for one vault: 4,000 calls other than creates in 10 seconds; for a subscription five times
        that. The simulated windows slide, a refused call does not count, and Retry-After says when the next call has room:
        whoever was refused is therefore told the same moment as many others, which is the hardest case for a herd. Rows with
        1,000 calls, and with 5,000 for the subscription, are four times tighter than documented.

        **What is not in it.** Entra ID, which each broker asks for a token first, and Zoho, which it asks afterwards.

        """;
}
