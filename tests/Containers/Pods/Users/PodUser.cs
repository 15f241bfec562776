using Sidecar.Broker.Onboarding;
using Sidecar.Sandbox;
using Sidecar.Simulator;

namespace Sidecar.Tests.Containers.Pods.Users;

/// <summary>A technician who is given a pod, with a credential in the vault that only the pod's identity may read.</summary>
/// <param name="Person">The technician, as the simulator knows them.</param>
/// <param name="ObjectId">Their object id at Entra ID.</param>
internal sealed record PodUser(SimulatedUser Person, string ObjectId)
{
    public UserName Name { get; } = UserName.From(Person.TechnicianEmail)!;

    /// <summary>The key of the user's AI client.</summary>
    public ApiKey Key { get; } = ApiKey.Create();

    /// <summary>Gives a technician a credential in the vault.</summary>
    /// <param name="simulator">Where.</param>
    /// <param name="email">Who.</param>
    public static PodUser Onboard(SimulatorHost simulator, string email)
    {
        var user = new PodUser(simulator.AddUser(new UserWish { Email = email }), simulator.Entra.ObjectIdOf(email));
        // Nobody's, but for those who are given a role on it.
        simulator.Vault.SetSecret(user.Name.SecretName, user.Person.Credential.ToJson(), SimulatedCredential.ContentType, readers: [""]);
        return user;
    }

    /// <summary>Lets the pod's identity read the user's secret.</summary>
    public void Grant(SimulatorHost simulator) => simulator.Vault.Grant(Person.Identity.ClientId, VaultRole.User, Name.SecretName);

    public override string ToString() => Name.Slug;
}
