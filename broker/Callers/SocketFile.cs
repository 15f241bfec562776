using System.Net.Sockets;

namespace Sidecar.Broker.Callers;

/// <summary>Who may open the socket's file. Who may stay is decided by <see cref="PeerCheck"/>, whatever the file's mode.</summary>
internal static class SocketFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Everybody = OwnerOnly
        | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>Removes a socket left by a broker that was killed; it would keep this one from starting.</summary>
    /// <exception cref="IOException">Something else is there: a file, or a broker that is alive.</exception>
    public static void Clear(UnixDomainSocketEndPoint unix)
    {
        var path = unix.ToString()!;
        if (!File.Exists(path)) return;
        if (new FileInfo(path).Length > 0) throw new IOException($"{path} is a file, not a socket.");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(unix);
        }
        catch (SocketException)
        {
            File.Delete(path);
            return;
        }

        throw new IOException($"another process listens at {path}.");
    }

    /// <summary>Sets the mode, which the umask would otherwise decide: for everybody if other users may call, else for the owner.</summary>
    public static void Open(BrokerOptions options)
    {
        if (ListenAddress.TryParse(options.Listen, out var address, out _) && address.EndPoint is UnixDomainSocketEndPoint unix && !OperatingSystem.IsWindows())
            File.SetUnixFileMode(unix.ToString(), options.Uids.Any() ? Everybody : OwnerOnly);
    }
}
