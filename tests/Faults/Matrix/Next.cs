namespace Sidecar.Tests.Faults.Matrix;

/// <summary>What has to become of the next call, once the fault is gone.</summary>
internal enum Next
{
    /// <summary>The same call again succeeds, and it is done exactly once.</summary>
    Repeats,

    /// <summary>Another call of the kind succeeds, and what the first one did is not touched.</summary>
    GoesOn,

    /// <summary>The same call again is given the record that the first one made; nothing is sent.</summary>
    Found,

    /// <summary>The same call again is told the same, and how long to wait; nothing is sent.</summary>
    ToldAgain,

    /// <summary>The same call again is refused for the same reason; nothing is sent, to Zoho neither.</summary>
    StillRefused,

    /// <summary>The same call again is refused for the same reason, by the instance: nothing has lifted it.</summary>
    RefusedAgain,

    /// <summary>The same call succeeds by and by without anybody's help, and until then it is told that nothing was changed.</summary>
    Heals,
}
