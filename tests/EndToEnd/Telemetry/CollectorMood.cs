namespace Sidecar.Tests.EndToEnd.Telemetry;

/// <summary>What a collector does with what it is sent.</summary>
internal enum CollectorMood
{
    Takes,
    Refuses,
    Hangs,
}
