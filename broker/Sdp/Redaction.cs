using System.Text;
using Sidecar.Broker.Credentials;
using Sidecar.Broker.Tokens;

namespace Sidecar.Broker.Sdp;

/// <summary>
/// Takes our own secrets out of what others answer: an instance, or a proxy before it, may quote the header that it was
/// sent, and everything it says may end up before the model.
/// </summary>
internal static class Redaction
{
    private static readonly byte[] Placeholder = "[secret]"u8.ToArray();

    /// <summary>The answer without the token it was asked with, nor the credential that token was made from.</summary>
    public static Memory<byte> Apply(Memory<byte> answer, AccessToken token)
    {
        foreach (var secret in token.Credential.Secrets.Prepend(token.Value)) answer = Remove(answer, secret);
        return answer;
    }

    private static Memory<byte> Remove(Memory<byte> answer, Secret secret)
    {
        var value = Encoding.UTF8.GetBytes(secret.Reveal());
        if (value.Length == 0 || answer.Span.IndexOf(value) < 0) return answer;
        using var clean = new MemoryStream(answer.Length);
        ReadOnlySpan<byte> rest = answer.Span;
        for (var at = rest.IndexOf(value); at >= 0; at = rest.IndexOf(value))
        {
            clean.Write(rest[..at]);
            clean.Write(Placeholder);
            rest = rest[(at + value.Length)..];
        }

        clean.Write(rest);
        return clean.ToArray();
    }
}
