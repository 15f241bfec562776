using System.Security.Cryptography;
using System.Text;

namespace Sidecar.Broker.Onboarding;

/// <summary>A user by the e-mail address of the technician, and the names of all that is theirs.</summary>
internal sealed record UserName
{
    private const int MostReadable = 40;
    private const string Prefix = "sdp-";

    private UserName(string email) => (Email, Slug) = (email, SlugOf(email));

    /// <summary>E-mail address, in lower case.</summary>
    public string Email { get; }

    /// <summary>Safe as a name of a folder, a vault secret and a Kubernetes object: readable, and told apart by a digest.</summary>
    public string Slug { get; }

    /// <summary>Name of the user's secret in the vault.</summary>
    public string SecretName => Prefix + Slug;

    /// <summary>True for a name that <see cref="SecretName"/> may have made.</summary>
    public static bool IsSecretName(string name) => name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);

    /// <summary>Null if the text is no e-mail address.</summary>
    public static UserName? From(string text)
    {
        var email = text.Trim().ToLowerInvariant();
        var at = email.IndexOf('@', StringComparison.Ordinal);
        return at > 0 && at == email.LastIndexOf('@') && at < email.Length - 1 && email.Length <= 254 && !email.Any(c => char.IsWhiteSpace(c) || char.IsControl(c))
            ? new UserName(email)
            : null;
    }

    public override string ToString() => Email;

    private static string SlugOf(string email)
    {
        var readable = new StringBuilder();
        foreach (var c in email[..email.IndexOf('@', StringComparison.Ordinal)])
        {
            if (char.IsAsciiLetterOrDigit(c)) readable.Append(c);
            else if (readable.Length > 0 && readable[^1] != '-') readable.Append('-');
        }

        var name = readable.ToString(0, Math.Min(readable.Length, MostReadable)).Trim('-');
        // What is readable may be alike for several people; forty bits of a digest are not.
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(email)))[..10];
        return name.Length > 0 ? $"{name}-{digest}" : $"user-{digest}";
    }
}
