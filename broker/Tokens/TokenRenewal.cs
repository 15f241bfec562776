using Sidecar.Broker.Credentials;
using Sidecar.Contract;

namespace Sidecar.Broker.Tokens;

/// <summary>Gets the first token as soon as there is a credential and renews it ahead of expiry, so that no call waits for Zoho.</summary>
internal sealed class TokenRenewal(TokenBroker tokens, CredentialStore credentials, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await tokens.RenewAheadAsync(stoppingToken);
                // Nobody takes this credential, so the one thing that can help is another one.
                if (tokens.Status.State is TokenState.Refused or TokenState.Rejected) await credentials.RefreshAsync(force: tokens.AwaitsSuccessor && credentials.Wait == TimeSpan.Zero, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }

            await Task.WhenAny(credentials.NextChange, Task.Delay(Look, clock, stoppingToken));
        }
    }
}
