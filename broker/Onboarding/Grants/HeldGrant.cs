using Sidecar.Broker.Credentials;
using Sidecar.Broker.Onboarding.Terminals;

namespace Sidecar.Broker.Onboarding.Grants;

/// <summary>
/// A grant that is not yet in the vault. Unless it is kept it is revoked in the end, however that comes: nobody shall hold
/// a grant that no vault knows.
/// </summary>
internal sealed class HeldGrant(ZohoGrants grants, Uri accounts, Secret refreshToken, Deeds deeds, Terminal terminal) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private bool _isKept;

    public Secret RefreshToken => refreshToken;

    /// <summary>It is in the vault.</summary>
    public void Keep() => _isKept = true;

    public async ValueTask DisposeAsync()
    {
        if (_isKept) return;
        // Whoever is interrupted has no token to cancel by any more.
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await terminal.StepAsync("Revoking the grant again", () => grants.RevokeAsync(accounts, refreshToken, patience.Token), _ => "Revoked the grant again: it was not stored");
            deeds.Add("The grant that was made at Zoho was revoked again.");
        }
        catch (Exception exception) when (exception is CommandFailure or OperationCanceledException)
        {
            deeds.Add("A grant was made at Zoho; it is stored nowhere, and could not be revoked. Nobody can use it; the user can remove it under Connected Apps of their Zoho account.");
        }
    }
}
