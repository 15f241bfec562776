using Sidecar.Broker.Credentials;
using Sidecar.Broker.Onboarding.Grants;
using Sidecar.Broker.Onboarding.Terminals;

namespace Sidecar.Broker.Onboarding;

/// <summary>Makes a grant at Zoho, in a browser or by a code of the API console, and gives it away or revokes it again.</summary>
internal sealed class NewGrant(OnboardWish wish, Surroundings surroundings, Terminal terminal, Deeds deeds)
{
    // Ten minutes is what a code lives at most.
    private static readonly TimeSpan ConsentPatience = TimeSpan.FromMinutes(10);

    /// <param name="use">Puts the credential where it belongs, and keeps the grant.</param>
    /// <param name="cancellationToken">Ends it; a grant that nobody kept is revoked.</param>
    public async Task MakeAsync(Func<CloudCredential, HeldGrant, Task> use, CancellationToken cancellationToken)
    {
        terminal.Head("The user is asked to consent to these scopes, no more");
        terminal.Copy(wish.Access.ScopeText);
        terminal.Say();
        var way = wish.Way ?? (terminal.IsInteractive && BrowserOpener.IsPossible ? GrantWay.Browser : GrantWay.SelfClient);
        var client = await ClientFile.ReadAsync(wish, terminal, cancellationToken);
        if (way == GrantWay.SelfClient)
        {
            await ExchangeAsync(client, await SelfClientCodeAsync(cancellationToken), use, null, cancellationToken);
            return;
        }

        var request = new GrantRequest(wish.AccountsUrl!, client.Id, wish.Access.ScopeText, BrowserReturn.AddressOf(wish.Port));
        await using var browser = await BrowserReturn.ListenAsync(request, wish.DataCentre?.Name, cancellationToken);
        var connected = ReturnPage.Done(
            $"{wish.User} at {wish.BaseUrl!.Authority}{(wish.Portal is null ? "" : $", portal {wish.Portal}")}.", $"The credential is stored in the Key Vault {wish.Vault.Host}, and nowhere on this machine.");
        try
        {
            await ExchangeAsync(client, await ConsentAsync(browser, request, cancellationToken), use, () => browser.Finish(connected), cancellationToken);
        }
        catch (CommandFailure failure)
        {
            browser.Finish(ReturnPage.Failed(failure.Message, failure.Next));
            throw;
        }
    }

    private async Task<GrantCode> ConsentAsync(BrowserReturn browser, GrantRequest request, CancellationToken cancellationToken)
    {
        terminal.Say(wish.OpenBrowser && BrowserOpener.TryOpen(request.Page) ? "A browser opens this page; if it does not, open it yourself:" : "Open this page in a browser on this machine:");
        terminal.Copy(request.Page.AbsoluteUri);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(ConsentPatience);
        try
        {
            return await terminal.StepAsync("Waiting for consent", () => browser.CodeAsync(patience.Token), _ => "Consent was given");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CommandFailure($"Nobody gave consent within {ConsentPatience.TotalMinutes:0} minutes.", "Run the command again.");
        }
    }

    private async Task<GrantCode> SelfClientCodeAsync(CancellationToken cancellationToken)
    {
        terminal.Say($"Signed in as {wish.User}, open {wish.DataCentre?.ConsoleUrl.OriginalString ?? "Zoho's API console"}, choose the Self Client, Generate Code, and paste the scopes above.");
        return new GrantCode(await terminal.AskSecretAsync("code", cancellationToken), null, null);
    }

    private async Task ExchangeAsync(ZohoClient client, GrantCode code, Func<CloudCredential, HeldGrant, Task> use, Action? kept, CancellationToken cancellationToken)
    {
        var accounts = wish.AccountsUrl!;
        using var grants = surroundings.Grants();
        HeldGrant? held = null;
        try
        {
            // A caller who leaves now would leave a grant behind that nobody knows; it is held before anything is said of it.
            await terminal.StepAsync(
                "Exchanging the code",
                async () => held = new HeldGrant(grants, accounts, await grants.ExchangeAsync(accounts, client, code.Code, code.Redirect, code.Verifier, CancellationToken.None), deeds, kept),
                _ => $"{accounts.Host} exchanged the code for a grant");
            cancellationToken.ThrowIfCancellationRequested();
            var owner = wish.AllowMismatch ? await grants.EmailAsync(accounts, held!.Tokens.AccessToken, cancellationToken) : null;
            await use(new CloudCredential(client.Id, client.Secret, held!.Tokens.RefreshToken, accounts, wish.BaseUrl!, wish.Portal, owner ?? wish.User.Email, ""), held);
        }
        finally
        {
            if (held is not null) await held.DisposeAsync();
        }
    }
}
