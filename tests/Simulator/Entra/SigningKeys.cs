using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Sidecar.Simulator.Entra;

/// <summary>The keys that sign tokens, made when the first is needed. The newest signs; the others are still published.</summary>
internal sealed class SigningKeys
{
    public const int Bits = 2048;

    internal sealed record SigningKey(string Id, RSA Rsa);

    private readonly List<SigningKey> _published = [];
    private SigningKey? _stranger;

    public IReadOnlyList<SigningKey> Published
    {
        get
        {
            if (_published.Count == 0)
                _published.Add(Make());
            return _published;
        }
    }

    public SigningKey Current => Published[^1];

    /// <summary>A key that is never published.</summary>
    public SigningKey Stranger => _stranger ??= Make();

    public string RollOver()
    {
        // One before the other, also if nobody has asked for any yet.
        _ = Published;
        _published.Add(Make());
        return Current.Id;
    }

    public bool Remove(string id) => _published.RemoveAll(key => key.Id == id) > 0;

    public void Clear()
    {
        foreach (var key in _published)
            key.Rsa.Dispose();
        _published.Clear();
    }

    /// <summary>As Entra's v2.0 keys endpoint lists them; {tenantid} says that any tenant's tokens may be signed with it.</summary>
    public JsonObject ToJson(string issuerTemplate)
    {
        var keys = new JsonArray();
        foreach (var key in Published)
        {
            var parameters = key.Rsa.ExportParameters(false);
            keys.Add(new JsonObject
            {
                ["kty"] = "RSA",
                ["use"] = "sig",
                ["kid"] = key.Id,
                ["x5t"] = key.Id,
                ["n"] = Base64Url.EncodeToString(parameters.Modulus),
                ["e"] = Base64Url.EncodeToString(parameters.Exponent),
                ["cloud_instance_name"] = "microsoftonline.com",
                ["issuer"] = issuerTemplate,
            });
        }

        return new JsonObject { ["keys"] = keys };
    }

    private static SigningKey Make() => new(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(20)), RSA.Create(Bits));
}
