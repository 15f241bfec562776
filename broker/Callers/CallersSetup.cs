using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Sidecar.Broker.Hosting;

namespace Sidecar.Broker.Callers;

internal static class CallersSetup
{
    private const int MaxMessageBytes = 1024 * 1024;

    /// <summary>The one endpoint: cleartext HTTP/2 on loopback or on a Unix socket whose callers are known by user id.</summary>
    public static WebApplicationBuilder AddListener(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<BrokerOptions>().BindConfiguration("Broker", o => o.ErrorOnUnknownConfiguration = true).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<BrokerOptions>, BrokerOptionsValidator>();
        builder.Services.AddGrpc(options => options.MaxReceiveMessageSize = MaxMessageBytes);
        builder.Services.AddOptions<HostOptions>().Configure<IOptions<BrokerOptions>>((host, broker) => host.ShutdownTimeout = Drain.Longest(broker.Value.DrainTimeout));
        builder.Services.AddOptions<KestrelServerOptions>().Configure<IOptions<BrokerOptions>, ILogger<PeerCheck>>(Listen);
        return builder;
    }

    private static void Listen(KestrelServerOptions kestrel, IOptions<BrokerOptions> options, ILogger<PeerCheck> logger)
    {
        kestrel.AddServerHeader = false;
        if (!ListenAddress.TryParse(options.Value.Listen, out var address, out _)) return;
        if (address.EndPoint is not UnixDomainSocketEndPoint unix)
        {
            kestrel.Listen((IPEndPoint)address.EndPoint, listen => listen.Protocols = HttpProtocols.Http2);
            return;
        }

        SocketFile.Clear(unix);
        var check = new PeerCheck([PeerCheck.OwnUid(), .. options.Value.Uids.Select(uint.Parse)], logger);
        kestrel.ListenUnixSocket(unix.ToString(), listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            listen.Use(next => connection => check.InvokeAsync(connection, next));
        });
    }
}
