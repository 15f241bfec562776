using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Sidecar.Simulator.Accounts;

/// <summary>What a client gave when it asked, to be matched by its verifier when it exchanges the code (RFC 7636).</summary>
internal sealed record PkceChallenge(string Value, bool Hashed)
{
    public bool Fits(string verifier) => Value == (Hashed ? Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier))) : verifier);

    /// <returns>False if the method is unknown; null in <paramref name="challenge"/> if there was none.</returns>
    public static bool TryRead(string value, string method, out PkceChallenge? challenge)
    {
        // Without a method the challenge is plain.
        challenge = value.Length == 0 ? null : new PkceChallenge(value, method == "S256");
        return method is "" or "plain" or "S256";
    }
}
