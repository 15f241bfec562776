using System.Text.Json;

namespace Sidecar.Broker.Sdp;

/// <summary>
/// Lets identical reads that run at the same time share one. Nobody ever gets what was read before a write had ended: whoever
/// asks after a write has to see it.
/// </summary>
internal sealed class SharedReads(TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Flight> _flights = [];
    private long _generation;

    /// <summary>To be called when a write begins and when it ends: reads that began before are joined no more.</summary>
    public void Outdate() => Interlocked.Increment(ref _generation);

    /// <summary>Takes part in a read, or begins it.</summary>
    /// <param name="key">What is read, as whom.</param>
    /// <param name="read">Reads. It is ended when all who take part have left.</param>
    /// <param name="cancellationToken">Ends taking part.</param>
    /// <exception cref="SdpException">What failed; what failed last, if the caller's time is over before the read is.</exception>
    public async Task<JsonElement> ReadAsync(string key, Func<Flight, Task<JsonElement>> read, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var errand = Errand.Current;
        Flight? flight;
        lock (_gate)
        {
            var generation = Interlocked.Read(ref _generation);
            if (_flights.TryGetValue(key, out flight) && flight.Generation == generation)
            {
                flight.Parties++;
                flight.Errand.ShareWith(errand);
            }
            else
            {
                _flights[key] = flight = new Flight(generation, errand.ToShare());
            }
        }

        if (flight.TryStart()) _ = RunAsync(key, flight, read);
        try
        {
            return await flight.Answer.WaitAsync(errand.Left, clock, cancellationToken);
        }
        catch (TimeoutException exception)
        {
            throw flight.LastFailure ?? new SdpException(SdpFailure.NoAnswer, "no answer in time", exception);
        }
        finally
        {
            bool isDeserted;
            lock (_gate)
            {
                isDeserted = --flight.Parties == 0;
                if (isDeserted) Remove(key, flight);
            }

            if (isDeserted) flight.Desert();
        }
    }

    private async Task RunAsync(string key, Flight flight, Func<Flight, Task<JsonElement>> read)
    {
        JsonElement answer = default;
        Exception? failed = null;
        // Seen by this flow of control alone.
        Errand.Current = flight.Errand;
        try
        {
            answer = await read(flight);
        }
        catch (Exception exception)
        {
            failed = exception;
        }

        // Whoever comes from now on reads anew: nothing is kept.
        lock (_gate) Remove(key, flight);
        flight.End(answer, failed);
    }

    private void Remove(string key, Flight flight)
    {
        if (_flights.TryGetValue(key, out var current) && current == flight) _flights.Remove(key);
    }
}
