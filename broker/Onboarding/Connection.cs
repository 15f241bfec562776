using System.Text.Json.Nodes;
using Sidecar.Broker.Credentials;
using Sidecar.Broker.Sdp;
using Sidecar.Broker.Tokens;

namespace Sidecar.Broker.Onboarding;

/// <summary>One credential in use, as a broker uses it; ended with the command.</summary>
internal sealed class Connection(ServiceProvider services) : IAsyncDisposable
{
    /// <summary>An access token made of the credential, or its technician key: proof that Zoho, or the instance, takes it.</summary>
    /// <exception cref="TokenException">There is none.</exception>
    public async Task<AccessToken> TokenAsync(CancellationToken cancellationToken)
    {
        // In a broker the watcher does this.
        await services.GetRequiredService<CredentialStore>().RefreshAsync(force: true, cancellationToken);
        return await services.GetRequiredService<TokenBroker>().GetAsync(cancellationToken);
    }

    /// <summary>Reads one row of a list: the most harmless of calls.</summary>
    /// <exception cref="SdpException">The instance does not give it.</exception>
    /// <exception cref="TokenException">There is no token.</exception>
    public Task ReadAsync(string path, CancellationToken cancellationToken) => services.GetRequiredService<SdpClient>().SendAsync(
        HttpMethod.Get, path, new JsonObject { ["list_info"] = new JsonObject { ["row_count"] = 1 } }, cancellationToken);

    /// <summary>How far the instance's clock is ahead of this machine's, by the Date of its last answer; null before the first.</summary>
    public TimeSpan? ClockAhead => services.GetRequiredService<ServerClock>().Told;

    public ValueTask DisposeAsync() => services.DisposeAsync();
}
