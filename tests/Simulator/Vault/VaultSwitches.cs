namespace Sidecar.Simulator;

/// <summary>What a vault puts up with; by default the documented limits.</summary>
public sealed record VaultSwitches
{
    /// <summary>Secrets set in one window.</summary>
    public int CreateLimit { get; init; } = 300;

    /// <summary>All other calls in one window, those without a token included.</summary>
    public int CallLimit { get; init; } = 4000;

    /// <summary>Seconds of the window.</summary>
    public int LimitSeconds { get; init; } = 10;

    /// <summary>True: a refusal says when there is room again.</summary>
    public bool RetryAfter { get; init; } = true;

    /// <summary>True: a deleted secret cannot be purged.</summary>
    public bool PurgeProtected { get; init; }

    /// <summary>Milliseconds until a deleted secret is found among the deleted; its name is taken all the while.</summary>
    public int DeleteMilliseconds { get; init; }

    /// <summary>Milliseconds until a recovered secret is found again.</summary>
    public int RecoverMilliseconds { get; init; }
}
