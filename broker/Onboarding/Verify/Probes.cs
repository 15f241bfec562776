using Sidecar.Broker.Sdp;
using Sidecar.Broker.Tokens;

namespace Sidecar.Broker.Onboarding.Verify;

/// <summary>The reads of one examination, each path's made once however many questions it answers.</summary>
internal sealed class Probes(Connection connection)
{
    private readonly Dictionary<string, Exception?> _failures = [];

    /// <summary>Reads one row.</summary>
    /// <returns>What failed: of the instance, or of the token; null if the row came.</returns>
    public async Task<Exception?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        if (_failures.TryGetValue(path, out var known)) return known;
        return _failures[path] = await TryAsync(path, cancellationToken);
    }

    private async Task<Exception?> TryAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            await connection.ReadAsync(path, cancellationToken);
            return null;
        }
        catch (Exception exception) when (exception is SdpException or TokenException)
        {
            return exception;
        }
    }
}
