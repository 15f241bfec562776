namespace Sidecar.Broker.Credentials;

/// <summary>How long ago something was, in words for people.</summary>
internal static class Ago
{
    public static string Tell(TimeSpan time) => time switch
    {
        { TotalSeconds: < 1.5 } => "1 second",
        { TotalSeconds: < 90 } => $"{time.TotalSeconds:0} seconds",
        { TotalMinutes: < 90 } => $"{time.TotalMinutes:0} minutes",
        { TotalHours: < 36 } => $"{time.TotalHours:0} hours",
        _ => $"{time.TotalDays:0} days",
    };
}
