using Grpc.Core;
using Sidecar.Broker.Credentials;
using Sidecar.Broker.Operations;
using Sidecar.Contract;

namespace Sidecar.Broker.Policy;

/// <summary>Keeps operations that only Cloud can do away from an instance on premises. Which those are, the contract says.</summary>
internal sealed class EditionGate(CredentialStore credentials)
{
    /// <summary>True if the instance can do it, as far as it is known which one it is.</summary>
    public bool Allows(Operation operation) => operation.CloudOnly is null || credentials.Current is not OnPremCredential;

    /// <exception cref="FailureException">The instance cannot do it; nothing was sent.</exception>
    /// <exception cref="CredentialException">It is not known which instance it is.</exception>
    public async ValueTask CheckAsync(Operation operation, CancellationToken cancellationToken)
    {
        if (operation.CloudOnly is not { } only || await credentials.RequireAsync(cancellationToken) is not OnPremCredential) return;
        throw new FailureException(new Failure(
            StatusCode.FailedPrecondition, "CLOUD_ONLY", $"{operation.DisplayName} is not possible on premises: {only.Why}. Nothing was sent.")
        {
            Next = only.Instead,
        });
    }
}
