namespace Sidecar.Broker.Tokens;

/// <summary>Time that nobody sets: it goes on evenly, whatever is done to the clock on the wall, also while no broker runs.</summary>
internal static class Uptime
{
    private const string BootId = "/proc/sys/kernel/random/boot_id";

    /// <summary>Names this start of the machine. Where the system does not tell, nothing that was written before counts as of this one.</summary>
    public static string Boot { get; } = ReadBoot();

    /// <summary>Time since the machine started.</summary>
    public static TimeSpan SinceBoot(this TimeProvider clock) => clock.GetElapsedTime(0);

    private static string ReadBoot()
    {
        try
        {
            return File.ReadAllText(BootId).Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Guid.NewGuid().ToString();
        }
    }
}
