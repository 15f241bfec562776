using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Sidecar.Broker.Callers;

/// <summary>Where the broker listens: a loopback address or a Unix socket, never anything a network reaches.</summary>
/// <param name="EndPoint">The address itself.</param>
internal sealed record ListenAddress(EndPoint EndPoint)
{
    public const string Default = "http://127.0.0.1:7410";

    private const string UnixPrefix = "unix:";

    public static bool TryParse(string text, [NotNullWhen(true)] out ListenAddress? address, out string problem)
    {
        (address, problem) = (null, "");
        if (text.StartsWith(UnixPrefix, StringComparison.Ordinal))
        {
            var path = text[UnixPrefix.Length..];
            if (!Path.IsPathFullyQualified(path) || path.Contains('\0')) problem = $"Broker__Listen {text} is not an absolute path: write unix:/run/sidecar/broker.sock.";
            else if (System.Text.Encoding.UTF8.GetByteCount(path) > 107) problem = $"Broker__Listen {text} is longer than a socket's path may be (107 bytes).";
            else address = new ListenAddress(new UnixDomainSocketEndPoint(path));
        }
        else if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme != Uri.UriSchemeHttp || url.PathAndQuery != "/")
        {
            problem = $"Broker__Listen {text} is neither like {Default} nor like unix:/run/sidecar/broker.sock.";
        }
        else
        {
            var host = url.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback
                : IPAddress.TryParse(url.Host.Trim('[', ']'), out var parsed) ? parsed : null;
            if (host is null || !IPAddress.IsLoopback(host)) problem = $"Broker__Listen {text} is not a loopback address: the broker does not listen where a network reaches it.";
            else address = new ListenAddress(new IPEndPoint(host, url.Port));
        }

        return address is not null;
    }

    /// <summary>A client's way to the address.</summary>
    public SocketsHttpHandler CreateHandler() => new()
    {
        // The question is for this machine alone, whatever the environment says.
        UseProxy = false,
        ConnectCallback = async (_, cancellationToken) =>
        {
            var isUnix = EndPoint is UnixDomainSocketEndPoint;
            var socket = new Socket(EndPoint.AddressFamily, SocketType.Stream, isUnix ? ProtocolType.Unspecified : ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(EndPoint, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    };

    public override string ToString() => EndPoint is UnixDomainSocketEndPoint ? $"{UnixPrefix}{EndPoint}" : $"http://{EndPoint}";
}
