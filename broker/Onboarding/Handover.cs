using Sidecar.Broker.Credentials;
using Sidecar.Broker.Onboarding.Azure;
using Sidecar.Broker.Onboarding.Clients;
using Sidecar.Broker.Onboarding.Overlays;
using Sidecar.Broker.Onboarding.Terminals;

namespace Sidecar.Broker.Onboarding;

/// <summary>What is left when the credential is in the vault: the overlay, and what the operator and the user do next.</summary>
internal sealed class Handover(OnboardWish wish, Terminal terminal, Deeds deeds)
{
    private readonly UserOverlay _overlay = new(wish.Overlays, wish.User);

    /// <summary>Fails where the overlay could not be written: to be asked before anything is.</summary>
    /// <exception cref="CommandFailure">Somebody else's file is there, or it was changed by hand.</exception>
    public void Check() => _overlay.Read();

    public async Task GiveAsync(Credential credential, CancellationToken cancellationToken)
    {
        var before = _overlay.Read();
        var key = before?.KeyDigest is null || wish.NewKey ? ClientKey.Create() : null;
        var facts = new OverlayFacts(
            wish.Vault, wish.User.SecretName, wish.Access, wish.AzureClientId ?? before?.AzureClientId, key?.Digest ?? before?.KeyDigest,
            wish.EntraOwner ?? before?.Owner ?? OverlayText.OwnerOf(wish.User));
        // The key is shown before it counts: whoever is interrupted in between has lost nothing.
        if (key is not null) await ShowAsync(ClientConfiguration.Of(wish.ClientUrl, key.Key), cancellationToken);
        if (_overlay.Write(facts))
        {
            deeds.Add($"{_overlay.Folder} was written.");
            terminal.Good($"Wrote {_overlay.Folder}");
        }
        else
        {
            terminal.Good($"{_overlay.Folder} is there already; nothing was written");
        }

        if (facts.AzureClientId is not null) return;
        terminal.Head("In Azure: an identity for the pod, which may read this one secret");
        terminal.Copy(AzureCommands.Grant(wish.User, wish.Vault, Rerun(credential)));
    }

    private async Task ShowAsync(Secret configuration, CancellationToken cancellationToken)
    {
        const string What = "For the user's AI client. It holds the key that the shim knows by its digest; --new-key makes another.";
        if (terminal.IsInteractive)
        {
            await terminal.ShowOnceAsync($"{What}\n\n{configuration.Reveal()}", cancellationToken);
            terminal.Good("Showed the configuration of the user's AI client");
            return;
        }

        terminal.Head(What);
        terminal.Copy(configuration.Reveal());
    }

    // The same command, which then finds all in place but the identity.
    private List<string> Rerun(Credential credential)
    {
        List<string> words = ["onboard", wish.User.Email, "--vault", Server(wish.Vault), "--base-url", Server(credential.BaseUrl)];
        words.AddRange(credential is CloudCredential cloud ? ["--accounts-url", Server(cloud.AccountsUrl)] : ["--kind", "on-prem"]);
        if (credential.Portal is { } portal) words.AddRange(["--portal", portal]);
        if (wish.Access.Toolsets.Count > 0) words.AddRange(["--toolsets", string.Join(',', wish.Access.Toolsets)]);
        if (wish.Access.ReadOnly) words.Add("--read-only");
        if (wish.AllowMismatch) words.Add("--allow-mismatch");
        if (wish.Identity != AzureIdentityKind.AzureCli) words.AddRange(["--identity", $"{wish.Identity}"]);
        words.AddRange(["--users", wish.Overlays.FullName]);
        return words;
    }

    private static string Server(Uri url) => url.GetLeftPart(UriPartial.Authority);
}
