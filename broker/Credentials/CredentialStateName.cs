using Sidecar.Contract;

namespace Sidecar.Broker.Credentials;

internal static class CredentialStateName
{
    /// <summary>The state as clients see it in WhoAmI, such as "too_large".</summary>
    public static string PlainName(this CredentialState state) =>
        Identity.Descriptor.FindFieldByNumber(Identity.CredentialStateFieldNumber).EnumType.FindValueByNumber((int)state).PlainName();
}
