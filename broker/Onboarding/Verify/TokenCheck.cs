using Sidecar.Broker.Credentials;
using Sidecar.Broker.Tokens;
using Sidecar.Contract;

namespace Sidecar.Broker.Onboarding.Verify;

/// <summary>Whether Zoho gives an access token for the credential or, on premises, the instance takes the technician key.</summary>
internal static class TokenCheck
{
    /// <summary>The token, and how it went; no token if it did not go well.</summary>
    public static async Task<(AccessToken? Token, Finding Finding)> OfAsync(Connection connection, Credential credential, UserName user, CancellationToken cancellationToken)
    {
        try
        {
            var token = await connection.TokenAsync(cancellationToken);
            return (token, credential is CloudCredential cloud
                ? Finding.Good("token", $"{cloud.AccountsUrl.Host} gives an access token for it.")
                : Finding.Good("key", $"{credential.BaseUrl.Authority} takes the technician key."));
        }
        catch (TokenException refusal)
        {
            return (null, credential is CloudCredential cloud ? OfZoho(refusal, cloud, user) : OfInstance(refusal, credential, user));
        }
    }

    private static Finding OfZoho(TokenException refusal, CloudCredential cloud, UserName user) => refusal.State switch
    {
        _ when CertificateTrouble.Of(refusal, cloud.AccountsUrl.Host) is { } trouble => Finding.Bad("token", trouble, CertificateTrouble.Remedy) with { IsOutside = true },
        TokenState.Refused => Finding.Bad("token", refusal.Message, $"Get a new grant, with the client and the data centre that the user signs in at: broker onboard {user}."),
        TokenState.CoolingDown => Finding.Bad("token", refusal.Message, "Wait ten minutes, then verify again: nothing can be said about the credential until then.") with { IsOutside = true },
        _ => Finding.Bad("token", refusal.Message, "Check the name of the accounts server and the network, then verify again.") with { IsOutside = true },
    };

    private static Finding OfInstance(TokenException refusal, Credential credential, UserName user) => refusal.State switch
    {
        _ when CertificateTrouble.Of(refusal, credential.BaseUrl.Authority) is { } trouble => Finding.Bad("instance", trouble, CertificateTrouble.Remedy) with { IsOutside = true },
        TokenState.Refused => Finding.Bad("key", refusal.Message, $"Generate a key for the technician, and put it into the vault: broker onboard {user} --kind on-prem."),
        TokenState.CoolingDown => Finding.Bad("instance", refusal.Message, "Wait a few minutes, then verify again. Whoever tries wrong keys there keeps it locked.") with { IsOutside = true },
        _ => Finding.Bad("instance", refusal.Message, "Check base_url of the credential, the name and the network, then verify again.") with { IsOutside = true },
    };
}
