namespace Sidecar.Shim.Commands;

/// <summary>What the program's exit tells whoever started it.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    public const int Failed = 1;

    /// <summary>EX_CONFIG of sysexits.h: starting again changes nothing until the settings do.</summary>
    public const int BadSettings = 78;
}
