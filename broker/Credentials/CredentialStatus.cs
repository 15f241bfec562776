using Sidecar.Contract;

namespace Sidecar.Broker.Credentials;

/// <summary>How the credential stands: one value, so that nobody sees half of a change.</summary>
/// <param name="Credential">The one in use; null if there is none.</param>
/// <param name="ReadTime">When one was last read; null if never.</param>
/// <param name="Failure">Why the last reading failed; null if it did not.</param>
internal sealed record CredentialStatus(Credential? Credential, DateTimeOffset? ReadTime, CredentialException? Failure)
{
    public static readonly CredentialStatus NoneYet =
        new(null, null, new CredentialException(CredentialState.NoneYet, "The credential was not read yet."));

    public CredentialState State => Failure switch
    {
        null => CredentialState.Ok,
        { IsPassing: true } when Credential is not null => CredentialState.Stale,
        var failure => failure.State,
    };

    /// <summary>After a failed reading.</summary>
    public CredentialStatus After(CredentialException failure)
    {
        // What was there once and is not there now was deleted.
        if (failure.State == CredentialState.Missing && ReadTime is not null)
            failure = new CredentialException(CredentialState.Deleted, failure.Message, failure.RetryAfter, failure.InnerException);
        // Only the source's own word that the user is out ends service. Anything else may be a fault on the way, or a bad new
        // version, and the credential that was good is still good at Zoho. See docs/adr/0008-credential-life.md.
        var ends = failure.State is CredentialState.Disabled or CredentialState.Deleted;
        return this with { Credential = ends ? null : Credential, Failure = failure };
    }
}
