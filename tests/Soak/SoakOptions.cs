namespace Sidecar.Soak;

/// <summary>What a caller does after a create of unknown fate.</summary>
internal enum AfterUnknown
{
    /// <summary>Repeats the identical call later.</summary>
    Repeat,

    /// <summary>Looks whether it is there, and repeats the call only if it is not.</summary>
    Look,
}

/// <summary>What the soak was asked for on the command line.</summary>
internal sealed record SoakOptions(TimeSpan Duration, int Seed, string? Binaries, AfterUnknown AfterUnknown);
