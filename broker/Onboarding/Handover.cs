using Sidecar.Broker.Onboarding.Overlays;
using Sidecar.Broker.Onboarding.Terminals;

namespace Sidecar.Broker.Onboarding;

/// <summary>What is left when the credential is in the vault: the overlay, and what the operator and the user do next.</summary>
internal sealed class Handover(OnboardWish wish, Terminal terminal, Deeds deeds)
{
    public Task GiveAsync(CancellationToken cancellationToken)
    {
        var overlay = new UserOverlay(wish.Overlays, wish.User);
        var before = overlay.Read();
        var facts = new OverlayFacts(wish.Vault, wish.User.SecretName, wish.Access, wish.AzureClientId ?? before?.AzureClientId, before?.KeyDigest);
        if (overlay.Write(facts))
        {
            deeds.Add($"{overlay.Folder} was written.");
            terminal.Good($"Wrote {overlay.Folder}");
        }
        else
        {
            terminal.Good($"{overlay.Folder} is there already");
        }

        cancellationToken.ThrowIfCancellationRequested();
        return Task.CompletedTask;
    }
}
