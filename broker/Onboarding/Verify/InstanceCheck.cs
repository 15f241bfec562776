using Sidecar.Broker.Credentials;
using Sidecar.Broker.Sdp;
using Sidecar.Broker.Tokens;

namespace Sidecar.Broker.Onboarding.Verify;

/// <summary>
/// Whether ServiceDesk Plus answers where the credential says. A scope or a permission that is missing is the instance's own
/// answer, and a path that is not known may be one that a scope is missing for: what one path does not show, the next may.
/// </summary>
internal static class InstanceCheck
{
    private const string Check = "instance";
    private const string CheckPortal = "Check base_url and portal of the credential: the portal is the segment after /app/ in the browser's address.";

    // Every instance has them.
    private static readonly string[] KnownEverywhere = ["/requests", "/priorities"];

    /// <param name="probes">Reads.</param>
    /// <param name="credential">Says where the instance is.</param>
    /// <param name="wanted">Paths that are to be read anyway.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<Finding> OfAsync(Probes probes, Credential credential, IEnumerable<string> wanted, CancellationToken cancellationToken)
    {
        Exception? first = null;
        foreach (var path in KnownEverywhere.Concat(wanted).Distinct())
        {
            var failure = await probes.ReadAsync(path, cancellationToken);
            if (IsItsOwnAnswer(failure)) return Finding.Good(Check, $"{credential.ApiUrl} answers as ServiceDesk Plus.");
            first ??= failure;
            // Only a refusal can be this path's alone.
            if (failure is not SdpException { Failure: SdpFailure.Refused }) break;
        }

        return Problem(credential, first!);
    }

    private static bool IsItsOwnAnswer(Exception? failure) => failure switch
    {
        null => true,
        SdpException { Failure: SdpFailure.ScopeMissing or SdpFailure.Warning or SdpFailure.TooLarge } => true,
        SdpException { Failure: SdpFailure.Refused, IsFinal: true } refusal => !refusal.IsUnknownPath,
        _ => false,
    };

    private static Finding Problem(Credential credential, Exception failure)
    {
        var (url, host) = (credential.ApiUrl, credential.BaseUrl.Authority);
        return failure switch
        {
            _ when CertificateTrouble.Of(failure, host) is { } trouble => Finding.Bad(Check, trouble, CertificateTrouble.Remedy) with { IsOutside = true },
            TokenException refusal => Finding.Bad(
                Check, $"{host} did not take the token, and another one could not be had: {refusal.Message}", "Check that base_url and accounts_url are of one data centre, then verify again in ten minutes."),
            SdpException { Failure: SdpFailure.NotSent } => Finding.Bad(Check, $"{host} cannot be reached: {failure.Message}.", "Check base_url of the credential, the name and the network.") with { IsOutside = true },
            SdpException { Failure: SdpFailure.NoAnswer } => Finding.Bad(Check, $"{host} does not answer: {failure.Message}.", "Verify again later, or with a longer --timeout.") with { IsOutside = true },
            SdpException { Failure: SdpFailure.ServerError } => Finding.Bad(Check, $"{host} has an error of its own: {failure.Message}.", "Verify again later.") with { IsOutside = true },
            SdpException { Failure: SdpFailure.Throttled or SdpFailure.Held } refusal => Finding.Bad(
                Check, $"{host} takes no calls for now: there were too many.", $"Verify again in {Ago.Tell(refusal.RetryAfter ?? Envelope.DefaultLock)}: nothing can be said about the instance until then.") with { IsOutside = true },
            SdpException { Failure: SdpFailure.Unauthorized, IsFinal: true } => Finding.Bad(
                Check,
                $"{host} takes the credential nowhere, although it is good elsewhere.",
                "Check that base_url is of the data centre of accounts_url, that the person is a technician there, and that the grant has scopes of ServiceDesk Plus at all."),
            SdpException { Failure: SdpFailure.Unauthorized } => Finding.Bad(
                Check, $"{url} answers with HTTP 401, not in ServiceDesk Plus's own words: a page to sign in, or something before the instance.", CheckPortal),
            SdpException { Failure: SdpFailure.NotTheApi } => Finding.Bad(Check, $"{url} does not answer as the API: {failure.Message}, which is for people.", CheckPortal),
            SdpException { IsUnknownPath: true } => Finding.Bad(Check, $"{url} is not known there: it is no portal of the instance, or the server is no ServiceDesk Plus.", CheckPortal),
            _ => Finding.Bad(Check, $"{url} does not answer as ServiceDesk Plus: {failure.Message}.", CheckPortal),
        };
    }
}
