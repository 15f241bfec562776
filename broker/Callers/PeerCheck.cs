using System.Buffers.Binary;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Sidecar.Broker.Callers;

/// <summary>On a Unix socket, asks the kernel who is calling and turns strangers away before they say a word.</summary>
internal sealed partial class PeerCheck(IEnumerable<uint> allowedUids, ILogger<PeerCheck> logger)
{
    // From Linux' asm-generic/socket.h; SO_PEERCRED answers {pid, uid, gid}.
    private const int SolSocket = 1, SoPeerCred = 17, CredentialSize = 12, UidOffset = 4;

    private readonly HashSet<uint> _allowed = [.. allowedUids];

    public Task InvokeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var socket = connection.Features.Get<IConnectionSocketFeature>()?.Socket;
        if (socket is not null && TryGetUid(socket, out var uid) && _allowed.Contains(uid)) return next(connection);
        LogRefused(socket is not null && TryGetUid(socket, out var stranger) ? stranger.ToString(System.Globalization.CultureInfo.InvariantCulture) : "unknown");
        connection.Abort();
        return Task.CompletedTask;
    }

    /// <summary>The user id this process runs as: the owner of its own entry in /proc.</summary>
    public static uint OwnUid()
    {
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("Uid:", StringComparison.Ordinal));
        return uint.Parse(line.Split('\t', StringSplitOptions.RemoveEmptyEntries)[2], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static bool TryGetUid(Socket socket, out uint uid)
    {
        Span<byte> credential = stackalloc byte[CredentialSize];
        try
        {
            var length = socket.GetRawSocketOption(SolSocket, SoPeerCred, credential);
            uid = BinaryPrimitives.ReadUInt32LittleEndian(credential[UidOffset..]);
            return length == CredentialSize;
        }
        catch (SocketException)
        {
            uid = 0;
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A caller with user id {Uid} was turned away at the socket; Broker__AllowedUids names who may call")]
    private partial void LogRefused(string uid);
}
