namespace Sidecar.Bench.Storms;

/// <summary>Brokers that start together.</summary>
/// <param name="Brokers">How many.</param>
/// <param name="Within">Their starts are spread evenly at random over this time.</param>
/// <param name="CallLimit">Calls that a vault takes in 10 s.</param>
internal sealed record Storm(int Brokers, TimeSpan Within, int CallLimit)
{
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    /// <summary>Vaults that the brokers' secrets are spread over.</summary>
    public int Vaults { get; init; } = 1;

    /// <summary>Calls that all vaults of the subscription take together in 10 s; null: no such limit.</summary>
    public int? SubscriptionLimit { get; init; }

    /// <summary>Whether a refusal says when there is room again.</summary>
    public bool RetryAfter { get; init; } = true;

    /// <summary>What the vaults need for two calls a broker, were they called evenly and none refused; no broker can do better than that.</summary>
    public TimeSpan LeastTime => Window * Math.Floor((2.0 * Brokers - 1) / Math.Min((double)CallLimit * Vaults, SubscriptionLimit ?? double.MaxValue));
}

/// <summary>How a storm went.</summary>
/// <param name="Ready">Time from the first start until each broker had its credential, sorted.</param>
/// <param name="Waited">Time from its own start until each broker had its credential, sorted.</param>
/// <param name="Calls">Calls that the vaults received.</param>
/// <param name="Throttled">Those that were refused with 429.</param>
/// <param name="Early">Those that came earlier than the refusal before had asked for.</param>
internal sealed record StormResult(TimeSpan[] Ready, TimeSpan[] Waited, int Calls, int Throttled, int Early)
{
    public static TimeSpan At(TimeSpan[] sorted, int percent) => sorted[Math.Min(sorted.Length - 1, sorted.Length * percent / 100)];
}
