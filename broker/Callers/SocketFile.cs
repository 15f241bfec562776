using System.Net.Sockets;

namespace Sidecar.Broker.Callers;

/// <summary>Who may open the socket's file. Who may stay is decided by <see cref="PeerCheck"/>, whatever the file's mode.</summary>
internal static class SocketFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Everybody = OwnerOnly
        | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>Sets the mode, which the umask would otherwise decide: for everybody if other users may call, else for the owner.</summary>
    public static void Open(BrokerOptions options)
    {
        if (ListenAddress.TryParse(options.Listen, out var address, out _) && address.EndPoint is UnixDomainSocketEndPoint unix && !OperatingSystem.IsWindows())
            File.SetUnixFileMode(unix.ToString(), options.Uids.Any() ? Everybody : OwnerOnly);
    }
}
