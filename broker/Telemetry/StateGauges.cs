using System.Diagnostics.Metrics;
using Sidecar.Broker.Credentials;
using Sidecar.Broker.Health;
using Sidecar.Broker.Sdp;
using Sidecar.Contract;

namespace Sidecar.Broker.Telemetry;

/// <summary>How the broker stands, looked at when metrics are sent.</summary>
internal sealed class StateGauges(CredentialStore credentials, Readiness readiness, Pace pace) : IHostedService, IDisposable
{
    private static readonly CredentialState[] States = [.. Enum.GetValues<CredentialState>().Where(state => state != CredentialState.Unspecified)];

    private readonly Meter _meter = new(BrokerMetrics.Name);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _meter.CreateObservableGauge("sidecar.ready", () => readiness.Problem is null ? 1 : 0, null, "1 if calls can be made now, else 0.");
        _meter.CreateObservableGauge("sidecar.credential.state", Credential, null, "1 for the state the credential is in, 0 for every other.");
        _meter.CreateObservableGauge(
            "sidecar.sdp.locks", () => pace.Locked, "{kind}", "Kinds of calls that the instance refuses for now because there were too many.");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _meter.Dispose();

    // All of them each time: a series that is no longer reported would go on with its last value.
    private IEnumerable<Measurement<int>> Credential()
    {
        var current = credentials.Status.State;
        return States.Select(state => new Measurement<int>(state == current ? 1 : 0, new KeyValuePair<string, object?>("state", state.PlainName())));
    }
}
