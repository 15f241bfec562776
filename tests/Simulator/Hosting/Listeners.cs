using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Sidecar.Simulator.Hosting;

/// <summary>One Kestrel listener per service, each connection marked with the service that it belongs to.</summary>
internal sealed class Listeners(SimulatorOptions options, Certificates certificates, FaultList faults)
{
    private readonly ConcurrentDictionary<Service, ListenOptions> _bound = [];
    private readonly ConcurrentDictionary<ConnectionContext, Service> _open = [];

    public void Configure(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = 64 * 1024 * 1024;
        Listen(kestrel, Service.Control, options.ControlPort);
        Listen(kestrel, Service.Accounts, options.AccountsPort);
        Listen(kestrel, Service.Sdp, options.SdpPort);
        Listen(kestrel, Service.Vault, options.VaultPort);
        Listen(kestrel, Service.Entra, options.EntraPort);
        faults.Refusing += CutAll;
    }

    public Uri Url(Service service, string host)
    {
        var port = _bound[service].IPEndPoint!.Port;
        return new Uri($"{(service == Service.Control ? "http" : "https")}://{host}:{port}");
    }

    public static Service ServiceOf(HttpContext context) =>
        (Service)context.Features.Get<IConnectionItemsFeature>()!.Items[typeof(Service)]!;

    public static IPAddress AddressOf(string host) => host == "localhost" ? IPAddress.Loopback : IPAddress.Parse(host);

    private void Listen(KestrelServerOptions kestrel, Service service, int port)
    {
        // What can change the simulator is for this machine, even where the services are not.
        var address = service == Service.Control ? IPAddress.Loopback : AddressOf(options.Host);
        kestrel.Listen(address, port, listen =>
        {
            // One request per connection at a time: cutting a connection then strikes exactly the request it should.
            listen.Protocols = HttpProtocols.Http1;
            listen.Use(next => async connection =>
            {
                connection.Items[typeof(Service)] = service;
                if (faults.TakeForConnection(service, FaultKind.Refuse))
                {
                    connection.Abort();
                    return;
                }

                _open[connection] = service;
                try
                {
                    await next(connection);
                }
                finally
                {
                    _open.TryRemove(connection, out _);
                }
            });
            if (service != Service.Control)
                listen.UseHttps(https => https.ServerCertificateSelector =
                    (_, _) => faults.TakeForConnection(service, FaultKind.ExpiredCertificate) ? certificates.Expired : certificates.Server);
            _bound[service] = listen;
        });
    }

    private void CutAll(Service service)
    {
        foreach (var (connection, owner) in _open)
            if (owner == service)
                connection.Abort();
    }
}
