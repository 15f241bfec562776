using System.Runtime.CompilerServices;
using System.Security.Authentication;
using Sidecar.Broker.Credentials;
using Sidecar.Broker.Sdp;
using Sidecar.Broker.Tokens;

namespace Sidecar.Broker.Onboarding.Verify;

/// <summary>
/// Looks whether a credential is what it should be: Zoho takes it, it is the person's, it reaches the instance, and it may
/// do what is wanted. It reads a few rows and changes nothing.
/// </summary>
internal sealed class Examination(Surroundings surroundings)
{
    private static readonly TimeSpan MuchSkew = TimeSpan.FromMinutes(5);

    public async IAsyncEnumerable<Finding> OfAsync(Credential credential, UserName user, AccessWish wish, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (DataCentreOf(credential) is { } centre) yield return centre;
        await using var connection = surroundings.Connect(credential);
        var (token, finding) = await TokenAsync(connection, credential, cancellationToken);
        if (finding is not null) yield return finding;
        if (token is null) yield break;

        yield return await IdentityAsync(credential, user, token, cancellationToken);
        var reached = false;
        foreach (var scope in credential is CloudCredential ? wish.SdpScopes : ["SDPOnDemand.requests.READ"])
        {
            if (ScopeProbe.PathsOf(scope) is not { Count: > 0 } paths)
            {
                yield return Finding.Note("scope", $"{scope}: only a write would show whether it was granted, so it was not tried.");
                continue;
            }

            var failure = await ReadAsync(connection, paths, cancellationToken);
            if (!reached && InstanceProblem(credential, failure) is { } problem)
            {
                yield return problem;
                yield break;
            }

            if (!reached) yield return Finding.Good("instance", $"{credential.ApiUrl} answers as ServiceDesk Plus.");
            reached = true;
            if (credential is CloudCredential) yield return ScopeFinding(scope, failure);
        }

        if (reached) yield return Clock(connection.ClockAhead);
    }

    // Zoho's data centres share no accounts. Only hosts that are known can be told to disagree.
    private static Finding? DataCentreOf(Credential credential)
    {
        if (credential is not CloudCredential cloud) return null;
        var (accounts, instance) = (ByHost(centre => centre.AccountsUrl, cloud.AccountsUrl), ByHost(centre => centre.BaseUrl, cloud.BaseUrl));
        return (accounts, instance) switch
        {
            (null, _) => Finding.Note("data_centre", $"{cloud.AccountsUrl.Host} is none of Zoho's known accounts servers."),
            (_, null) => Finding.Good("data_centre", $"Accounts server of {accounts.Name.ToUpperInvariant()}; the instance has a domain of its own."),
            _ when accounts == instance => Finding.Good("data_centre", $"Accounts server and instance are both of {accounts.Name.ToUpperInvariant()}."),
            _ => Finding.Bad(
                "data_centre",
                $"The accounts server is of {accounts.Name.ToUpperInvariant()} and the instance of {instance.Name.ToUpperInvariant()}: they share no accounts.",
                $"Onboard the user with the data centre that they sign in at: --dc {instance.Name}, or --dc {accounts.Name} with its instance."),
        };
    }

    private static DataCentre? ByHost(Func<DataCentre, Uri> url, Uri wanted) =>
        DataCentre.All.FirstOrDefault(centre => url(centre).Host.Equals(wanted.Host, StringComparison.OrdinalIgnoreCase));

    private static async Task<(AccessToken? Token, Finding? Finding)> TokenAsync(Connection connection, Credential credential, CancellationToken cancellationToken)
    {
        try
        {
            var token = await connection.TokenAsync(cancellationToken);
            return (token, credential is CloudCredential cloud ? Finding.Good("token", $"{cloud.AccountsUrl.Host} gives an access token for it.") : null);
        }
        catch (TokenException refusal)
        {
            return (null, IsOfTls(refusal)
                ? Tls("token", ((CloudCredential)credential).AccountsUrl.Host)
                : Finding.Bad("token", refusal.Message, "Onboard the user again; if Zoho asks for a pause, wait ten minutes first."));
        }
    }

    private async Task<Finding> IdentityAsync(Credential credential, UserName user, AccessToken token, CancellationToken cancellationToken)
    {
        if (!credential.TechnicianEmail.Equals(user.Email, StringComparison.OrdinalIgnoreCase))
        {
            return Finding.Bad(
                "identity", $"The credential says it is {credential.TechnicianEmail}'s, not {user.Email}'s.", "Take the credential of the right person, or accept it with --allow-mismatch.");
        }

        if (credential is not CloudCredential cloud) return Finding.Note("identity", "An instance on premises does not tell whose key it is; the credential's own word is taken.");
        using var grants = surroundings.Grants();
        try
        {
            return await grants.EmailAsync(cloud.AccountsUrl, token.Value, cancellationToken) switch
            {
                null => Finding.Note(
                    "identity", $"Zoho does not tell whose grant it is: it lacks the scope {AccessWish.ProfileScope}. The credential's own word is taken.", $"For certainty, make a new grant: broker rotate {user}."),
                { } email when email.Equals(user.Email, StringComparison.OrdinalIgnoreCase) => Finding.Good("identity", $"Zoho says that it is {user.Email}'s."),
                { } email => Finding.Bad("identity", $"Zoho says that it is {email}'s, not {user.Email}'s.", "Sign in as the right person, or accept it with --allow-mismatch."),
            };
        }
        catch (CommandFailure failure)
        {
            return Finding.Bad("identity", failure.Message, failure.Next);
        }
    }

    // The failure of the last spelling; null if one was answered.
    private static async Task<Exception?> ReadAsync(Connection connection, IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        foreach (var path in paths)
        {
            try
            {
                await connection.ReadAsync(path, cancellationToken);
                return null;
            }
            catch (SdpException exception)
            {
                failure = exception;
                if (!exception.IsUnknownPath) break;
            }
            catch (TokenException exception)
            {
                return exception;
            }
        }

        return failure;
    }

    private static Finding? InstanceProblem(Credential credential, Exception? failure)
    {
        var (url, host) = (credential.ApiUrl, credential.BaseUrl.Authority);
        return failure switch
        {
            TokenException refusal => Finding.Bad("instance", refusal.Message, "Check base_url and accounts_url: a token of one data centre is not taken in another."),
            SdpException exception when IsOfTls(exception) => Tls("instance", host),
            SdpException { Failure: SdpFailure.NotSent } => Finding.Bad("instance", $"{host} cannot be reached.", "Check --base-url, the name and the network."),
            SdpException { Failure: SdpFailure.NoAnswer or SdpFailure.ServerError } => Finding.Bad("instance", $"{host} does not answer sensibly.", "Try again later."),
            SdpException { Failure: SdpFailure.NotTheApi } => Finding.Bad(
                "instance", $"{url} answers with a page for people, not as the API.", "Check --base-url and --portal: the portal is the segment after /app/ in the browser's address."),
            SdpException { Failure: SdpFailure.Unauthorized } => Finding.Bad(
                "instance", $"{host} does not take the credential, although it is good elsewhere.", "Check --base-url and that the person is a technician of this instance."),
            SdpException { IsUnknownPath: true } => Finding.Bad("instance", $"{url} is no portal of this instance.", "Check --portal: it is the segment after /app/ in the browser's address."),
            SdpException { Failure: SdpFailure.Throttled or SdpFailure.Held } => Finding.Bad("instance", $"{host} refuses calls for now: too many were made.", "Try again in five minutes."),
            _ => null,
        };
    }

    private static Finding ScopeFinding(string scope, Exception? failure) => failure switch
    {
        null => Finding.Good("scope", $"{scope} was granted."),
        // Some paths answer 404 for want of a scope.
        SdpException { Failure: SdpFailure.ScopeMissing or SdpFailure.Refused or SdpFailure.Unauthorized } => Finding.Bad(
            "scope", $"{scope} is missing, or the person may not read this.", "Make a new grant with all scopes: broker rotate. Check the technician's role as well."),
        _ => Finding.Note("scope", $"{scope} could not be tried: {failure.Message}."),
    };

    private static Finding Clock(TimeSpan ahead) => ahead.Duration() < MuchSkew
        ? Finding.Good("clock", "The instance's clock agrees with this machine's.")
        : Finding.Note(
            "clock", $"The instance's clock is {ahead.Duration().TotalMinutes:0} minutes {(ahead > TimeSpan.Zero ? "ahead of" : "behind")} this machine's.", "Set the clock of whichever is wrong.");

    private static Finding Tls(string check, string host) => Finding.Bad(
        check, $"The certificate of {host} is not trusted here.", "If your company signs its own certificates, or a proxy re-signs traffic, name its authority with --ca-file, and Tls__CaFile in the pod.");

    private static bool IsOfTls(Exception exception)
    {
        for (var inner = exception; inner is not null; inner = inner.InnerException)
            if (inner is AuthenticationException or HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError }) return true;
        return false;
    }
}
