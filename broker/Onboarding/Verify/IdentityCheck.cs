using Sidecar.Broker.Credentials;
using Sidecar.Broker.Onboarding.Grants;
using Sidecar.Broker.Tokens;

namespace Sidecar.Broker.Onboarding.Verify;

/// <summary>Whose credential it is: by its own word, and by Zoho's.</summary>
internal static class IdentityCheck
{
    /// <summary>What <c>--allow-mismatch</c> is about.</summary>
    public const string Check = "identity";

    /// <summary>Whether the credential says that it is the user's; null if it does.</summary>
    public static Finding? OwnWord(Credential credential, UserName user) => IsOf(credential.TechnicianEmail, user.Email) ? null : Finding.Bad(
        Check, $"The credential says it is {credential.TechnicianEmail}'s, not {user.Email}'s.", "Take the credential of the right person, or accept it with --allow-mismatch.");

    /// <summary>Whether it is the person's that the credential says.</summary>
    public static async Task<Finding> ProviderWordAsync(ZohoGrants grants, Credential credential, UserName user, AccessToken token, CancellationToken cancellationToken)
    {
        if (credential is not CloudCredential cloud) return Finding.Note(Check, "An instance on premises does not tell whose key it is; the credential's own word is taken.");
        try
        {
            return await grants.EmailAsync(cloud.AccountsUrl, token.Value, cancellationToken) switch
            {
                null => Finding.Note(
                    Check, $"Zoho does not tell whose grant it is: it lacks the scope {AccessWish.ProfileScope}. The credential's own word is taken.", $"For certainty, make a new grant: broker rotate {user}."),
                { } email when IsOf(email, cloud.TechnicianEmail) => Finding.Good(Check, $"Zoho says that it is {cloud.TechnicianEmail}'s."),
                { } email => Finding.Bad(
                    Check, $"Zoho says that it is {email}'s, not {cloud.TechnicianEmail}'s.", $"Sign in as the right person: broker onboard {user}. Or accept it with --allow-mismatch."),
            };
        }
        catch (CommandFailure failure)
        {
            return Finding.Bad(Check, failure.Message, failure.Next) with { IsOutside = true };
        }
    }

    private static bool IsOf(string email, string other) => email.Equals(other, StringComparison.OrdinalIgnoreCase);
}
