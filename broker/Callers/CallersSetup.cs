using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

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
        builder.Services.AddOptions<HostOptions>().Configure<IOptions<BrokerOptions>>((host, broker) =>
            host.ShutdownTimeout = Held(broker)?.DrainTimeout ?? host.ShutdownTimeout);
        builder.Services.AddOptions<KestrelServerOptions>().Configure<IOptions<BrokerOptions>, ILogger<PeerCheck>>(Listen);
        return builder;
    }

    // The host reads these while it is built. Settings that do not hold are reported after that, all at once, and not by an
    // exception here.
    private static BrokerOptions? Held(IOptions<BrokerOptions> options)
    {
        try
        {
            return options.Value;
        }
        catch (Exception exception) when (exception is OptionsValidationException or InvalidOperationException)
        {
            return null;
        }
    }

    private static void Listen(KestrelServerOptions kestrel, IOptions<BrokerOptions> options, ILogger<PeerCheck> logger)
    {
        kestrel.AddServerHeader = false;
        if (Held(options) is not { } settings || !ListenAddress.TryParse(settings.Listen, out var address, out _)) return;
        if (address.EndPoint is not UnixDomainSocketEndPoint unix)
        {
            kestrel.Listen((IPEndPoint)address.EndPoint, listen => listen.Protocols = HttpProtocols.Http2);
            return;
        }

        // A socket left by a broker that was killed would keep this one from starting.
        File.Delete(unix.ToString());
        var check = new PeerCheck([PeerCheck.OwnUid(), .. settings.Uids.Select(uint.Parse)], logger);
        kestrel.ListenUnixSocket(unix.ToString(), listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            listen.Use(next => connection => check.InvokeAsync(connection, next));
        });
    }
}
