using Sidecar.Broker.Credentials;
using Sidecar.Broker.Sdp;
using Sidecar.Broker.Tokens;

namespace Sidecar.Broker.Onboarding.Verify;

/// <summary>Whether the credential may do what is wanted, by reading a row of what each scope is for. On premises there are no scopes, and what the technician may read counts.</summary>
internal static class ScopeCheck
{
    /// <returns>Null where there is nothing to tell: a scope of writes, on premises.</returns>
    public static async Task<Finding?> OfAsync(Probes probes, Credential credential, UserName user, string scope, CancellationToken cancellationToken)
    {
        var onPrem = credential is OnPremCredential;
        var paths = ScopeProbe.PathsOf(scope, onPrem);
        if (paths.Count == 0) return onPrem ? null : Finding.Note("scope", $"{scope}: only a write would show whether it was granted, so it was not tried.");

        Exception? failure = null;
        foreach (var path in paths)
        {
            failure = await probes.ReadAsync(path, cancellationToken);
            // What is not known here may be so for want of the scope, or on this instance: another one tells.
            if (failure is SdpException { IsUnknownPath: true }) continue;
            return onPrem ? Access(credential, path, failure) : Scope(user, scope, paths[0], path, failure);
        }

        var all = string.Join(", ", paths);
        return onPrem
            ? Finding.Bad("access", $"{credential.BaseUrl.Authority} knows none of {all}.", "Check its version, and whether the technician may read them.")
            : Finding.Bad("scope", $"{scope} is missing, or the instance has none of {all}.", NewGrant(user));
    }

    private static Finding Scope(UserName user, string scope, string first, string path, Exception? failure) => failure switch
    {
        null when path == first => Finding.Good("scope", $"{scope} was granted."),
        null => Finding.Good("scope", $"{scope}: {path} can be read; {first} is not known here."),
        SdpException { Failure: SdpFailure.ScopeMissing or SdpFailure.Unauthorized } => Finding.Bad("scope", $"{scope} is missing.", NewGrant(user)),
        SdpException refusal when IsForbidden(refusal) => Finding.Bad("scope", $"{scope} is missing, or the person may not read {path}.", NewGrant(user)),
        _ => Finding.Note("scope", $"{scope} could not be tried: {Why(failure)}.", "Verify again later."),
    };

    private static Finding Access(Credential credential, string path, Exception? failure) => failure switch
    {
        null => Finding.Good("access", $"{path} can be read."),
        SdpException { Failure: SdpFailure.ScopeMissing or SdpFailure.Unauthorized } => MayNot(credential, path),
        SdpException refusal when IsForbidden(refusal) => MayNot(credential, path),
        _ => Finding.Note("access", $"{path} could not be tried: {Why(failure)}.", "Verify again later."),
    };

    private static Finding MayNot(Credential credential, string path) => Finding.Bad(
        "access",
        $"The technician may not read {path}{(credential.Portal is { } portal ? $" in portal {portal}" : "")}.",
        "Check the technician's role, and that the portal's id is one of theirs.");

    private static bool IsForbidden(SdpException refusal) => refusal.Failure == SdpFailure.Refused && (refusal.HttpStatus == 403 || refusal.Has(4002));

    private static string Why(Exception failure) => failure switch
    {
        SdpException { Failure: SdpFailure.Throttled or SdpFailure.Held } => "the instance takes no such calls for now",
        TokenException => failure.Message.TrimEnd('.'),
        _ => failure.Message,
    };

    private static string NewGrant(UserName user) => $"Make a new grant, and give consent to all scopes: broker rotate {user}. If it stays so, check the technician's role.";
}
