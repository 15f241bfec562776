using System.Security.Authentication;

namespace Sidecar.Broker.Onboarding.Verify;

/// <summary>Tells a certificate that was not believed from a connection that merely failed.</summary>
internal static class CertificateTrouble
{
    public const string Remedy =
        "If your company signs its own certificates, or a proxy re-signs traffic, name its authority with --ca-file, and with Tls__CaFile in the pod. Check this machine's clock as well.";

    /// <summary>What is wrong with the certificate of <paramref name="host"/>, as a sentence; null if that is not what failed.</summary>
    public static string? Of(Exception exception, string host)
    {
        for (var inner = exception; inner is not null; inner = inner.InnerException)
        {
            // A handshake that broke off for another reason has that reason inside. The names are of .NET's own flags.
            if (inner is not AuthenticationException { InnerException: null } refusal) continue;
            return refusal.Message.Contains("NameMismatch", StringComparison.Ordinal) ? $"The certificate of {host} is for another name."
                : refusal.Message.Contains("NotTimeValid", StringComparison.Ordinal) ? $"The certificate of {host} has run out, or is not valid yet."
                : $"The certificate of {host} is not trusted here.";
        }

        return null;
    }
}
