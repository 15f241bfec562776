using Sidecar.Simulator.Entra;
using Sidecar.Simulator.Hosting;

namespace Sidecar.Simulator;

// People who sign in, and what their tokens are signed with.
public sealed partial class EntraTenant
{
    private readonly Dictionary<string, string> _people = new(StringComparer.OrdinalIgnoreCase);
    private readonly SigningKeys _keys = new();

    /// <summary>Ids of the keys that are published; the last one signs.</summary>
    public IReadOnlyList<string> KeyIds
    {
        get
        {
            lock (_world.Gate)
                return [.. _keys.Published.Select(key => key.Id)];
        }
    }

    /// <summary>Rolls over: publishes another key, and signs with it from now on.</summary>
    /// <returns>Its id.</returns>
    public string AddKey()
    {
        lock (_world.Gate)
            return _keys.RollOver();
    }

    /// <summary>Takes a key back. If it was the last one, another is made when one is needed.</summary>
    /// <exception cref="ArgumentException">There is no such key.</exception>
    public void RemoveKey(string id)
    {
        lock (_world.Gate)
            if (!_keys.Remove(id))
                throw new ArgumentException("There is no such key.", nameof(id));
    }

    /// <summary>The object id of a person, who is in the directory once asked for.</summary>
    public string ObjectIdOf(string principalName)
    {
        lock (_world.Gate)
            return _people.TryGetValue(principalName, out var id) ? id : _people[principalName] = Guid.NewGuid().ToString();
    }

    /// <summary>A token as a client has it after a person signed in, or one that is wrong in some way.</summary>
    public string MakeUserToken(EntraTokenWish wish)
    {
        ArgumentNullException.ThrowIfNull(wish);
        lock (_world.Gate)
            return new UserTokens(_world.Urls!.Entra.OriginalString, TenantId, _keys, ObjectIdOf, _world.Clock.GetUtcNow()).Make(wish);
    }

    private Answer Keys(string tenant) =>
        NotThere(tenant) ?? Hosting.Answer.Json(_keys.ToJson($"{_world.Urls!.Entra.OriginalString}/{{tenantid}}/v2.0"));

    private Answer? NotThere(string tenant, string error = "invalid_tenant") => tenant == TenantId
        ? null
        : Error(90002, error, $"Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.");
}
