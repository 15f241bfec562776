namespace Sidecar.Broker.Hosting;

/// <summary>Exit codes of the program.</summary>
internal static class ExitCodes
{
    /// <summary>Settings do not hold (EX_CONFIG of sysexits.h).</summary>
    public const int BadSettings = 78;
}
