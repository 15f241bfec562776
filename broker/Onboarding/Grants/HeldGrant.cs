namespace Sidecar.Broker.Onboarding.Grants;

/// <summary>
/// A grant that is not yet in the vault. Unless it is kept it is revoked in the end, however that comes: nobody shall hold
/// a grant that no vault knows.
/// </summary>
/// <param name="grants">The way to Zoho.</param>
/// <param name="accounts">The accounts server that made it.</param>
/// <param name="tokens">The grant.</param>
/// <param name="deeds">Takes note of what became of it.</param>
/// <param name="kept">Told once it is kept.</param>
internal sealed class HeldGrant(ZohoGrants grants, Uri accounts, NewTokens tokens, Deeds deeds, Action? kept) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private bool _isKept;

    public NewTokens Tokens => tokens;

    /// <summary>It is in the vault.</summary>
    public void Keep()
    {
        _isKept = true;
        kept?.Invoke();
    }

    public async ValueTask DisposeAsync()
    {
        if (_isKept) return;
        // Whoever is interrupted has no token to cancel by any more, and perhaps no terminal to be told at.
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await grants.RevokeAsync(accounts, tokens.RefreshToken, patience.Token);
            deeds.Add("The grant that was made at Zoho was revoked again.");
        }
        catch (Exception exception)
        {
            deeds.Add($"A grant was made at Zoho; it is stored nowhere, and could not be revoked ({exception.GetType().Name}). Nobody can use it; the user can remove it under Connected Apps of their Zoho account.");
        }
    }
}
