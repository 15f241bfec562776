using System.Net;
using System.Net.Sockets;

namespace Sidecar.Shim.Settings;

/// <summary>Where the broker is. Calls to it are not encrypted, so it has to be on this machine.</summary>
internal sealed record BrokerAddress(string Text, EndPoint EndPoint)
{
    private const string UnixPrefix = "unix:";

    /// <summary>What gRPC puts in :authority; a socket in the file system has no name of its own.</summary>
    public Uri Authority => EndPoint is UnixDomainSocketEndPoint ? new Uri("http://localhost") : new Uri(Text);

    public static BrokerAddress? Parse(string text)
    {
        if (text.StartsWith(UnixPrefix, StringComparison.Ordinal))
        {
            var path = text[UnixPrefix.Length..];
            return Path.IsPathRooted(path) && path.Length <= 107 ? new BrokerAddress(text, new UnixDomainSocketEndPoint(path)) : null;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttp || uri.PathAndQuery != "/") return null;
        if (uri.IdnHost == "localhost") return new BrokerAddress(text, new DnsEndPoint("localhost", uri.Port));

        return IPAddress.TryParse(uri.IdnHost, out var address) && IPAddress.IsLoopback(address)
            ? new BrokerAddress(text, new IPEndPoint(address, uri.Port))
            : null;
    }
}
