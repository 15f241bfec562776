namespace Sidecar.Broker.Hosting;

/// <summary>Exit codes of the program.</summary>
internal static class ExitCodes
{
    /// <summary>The program could not do what it was started for.</summary>
    public const int Failed = 1;

    /// <summary>Settings do not hold (EX_CONFIG of sysexits.h).</summary>
    public const int BadSettings = 78;
}
