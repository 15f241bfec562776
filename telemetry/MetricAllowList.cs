using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;

namespace Sidecar.Telemetry;

/// <summary>Keeps few of the libraries' metrics: each costs a series, or a dozen, in every pod, and pods go into the thousands.</summary>
/// <param name="own">Name of the program's own meter, of which all are kept.</param>
internal sealed class MetricAllowList(string own)
{
    private static readonly HashSet<string> Kept =
    [
        "http.server.request.duration", "http.client.request.duration", "dotnet.process.memory.working_set", "dotnet.process.cpu.time", "dotnet.gc.collections",
        "dotnet.gc.pause.time", "dotnet.thread_pool.queue.length", "dotnet.exceptions",
    ];

    public MetricStreamConfiguration? Apply(Instrument instrument) =>
        instrument.Meter.Name == own || Kept.Contains(instrument.Name) ? null : MetricStreamConfiguration.Drop;
}
