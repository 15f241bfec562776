namespace Sidecar.Simulator;

/// <summary>What a user's token is to be like: good, or wrong in one way.</summary>
public enum EntraTokenKind
{
    /// <summary>A v2.0 access token of the wished person, as Entra makes it.</summary>
    Good,

    /// <summary>A v1.0 access token, which Entra makes unless the registration asks for version 2.</summary>
    Version1,

    /// <summary>Of another tenant. Entra signs all tenants' tokens with the same keys, so the signature fits.</summary>
    OtherTenant,

    /// <summary>For another application of the tenant.</summary>
    OtherAudience,

    /// <summary>Ended ten minutes ago.</summary>
    Expired,

    /// <summary>Begins in an hour.</summary>
    NotYetValid,

    /// <summary>Of another person of the tenant.</summary>
    OtherUser,

    /// <summary>Of a guest whose home address, shown in preferred_username and email, is the wished person's principal name.</summary>
    Guest,

    /// <summary>An application's own, without a person: no scp.</summary>
    AppOnly,

    /// <summary>An ID token: it says who signed in and permits nothing.</summary>
    IdToken,

    /// <summary>With another permission of the same application.</summary>
    WrongScope,

    /// <summary>Unsigned: alg none.</summary>
    AlgNone,

    /// <summary>Signed with HS256, with the public key as the secret.</summary>
    Hs256,

    /// <summary>Signed with a key that is nowhere published, under its own id.</summary>
    UnknownKey,

    /// <summary>The same key under the id of a published one.</summary>
    KidOfAnother,

    /// <summary>A good one whose payload was changed afterwards.</summary>
    Tampered,
}
