using System.Security.Claims;

namespace Sidecar.Shim.Access;

/// <summary>Who calls, as the broker's audit names it.</summary>
internal static class Caller
{
    /// <summary>Somebody on this machine: no key is configured, or the client started the shim itself.</summary>
    public const string Local = "local";

    public static string NameOf(ClaimsPrincipal? user) => user?.Identity?.Name is { Length: > 0 } name ? name : Local;
}
