using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Sidecar.Shim.Settings;

/// <summary>Where the shim listens; no address means the name localhost, that is both loopback addresses.</summary>
internal sealed record ListenAddress(IPAddress? Address, int Port)
{
    public bool IsLoopback => Address is null || IPAddress.IsLoopback(Address);

    /// <summary>Where a program on this machine reaches it.</summary>
    public Uri ReachableUrl => new UriBuilder(Uri.UriSchemeHttp, HostToCall, Port).Uri;

    private string HostToCall => Address switch
    {
        null => "localhost",
        _ when Address.Equals(IPAddress.Any) => IPAddress.Loopback.ToString(),
        _ when Address.Equals(IPAddress.IPv6Any) => "localhost",
        _ => Address.ToString(),
    };

    public static ListenAddress? Parse(string text)
    {
        // The server's own spellings of "every address" are not URIs.
        var plain = text.Replace("://*", "://[::]", StringComparison.Ordinal).Replace("://+", "://[::]", StringComparison.Ordinal);
        if (!Uri.TryCreate(plain, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttp || uri.PathAndQuery != "/") return null;
        if (uri.IdnHost == "localhost") return new ListenAddress(null, uri.Port);

        return IPAddress.TryParse(uri.IdnHost, out var address) ? new ListenAddress(address, uri.Port) : null;
    }

    public void Open(KestrelServerOptions server)
    {
        if (Address is null) server.ListenLocalhost(Port);
        else server.Listen(Address, Port);
    }
}
