using Sidecar.Shim.Access;
using Sidecar.Shim.Access.Entra;

namespace Sidecar.Shim.Settings;

/// <summary>Everything the shim can be told, after checking. There is no secret among it: of API keys it has the digests.</summary>
internal sealed record ShimSettings
{
    /// <summary><c>Shim__Broker</c>: where the broker listens. Default: http://127.0.0.1:7410.</summary>
    public required BrokerAddress Broker { get; init; }

    /// <summary><c>Shim__Listen</c>: where MCP clients are served. Default: http://127.0.0.1:8080.</summary>
    public required ListenAddress Listen { get; init; }

    /// <summary><c>Shim__CallTimeout</c>: most time one tool call may take, 1 second to 1 hour. Default: 2 minutes.</summary>
    public required TimeSpan CallTimeout { get; init; }

    /// <summary><c>Shim__DrainTimeout</c>: how long calls in flight may take to finish when the shim is asked to stop, at most 1 hour. Default: 30 seconds.</summary>
    public required TimeSpan DrainTimeout { get; init; }

    /// <summary><c>Shim__MaxRequestBytes</c>: largest request body, 1 KiB to 64 MiB. Default: 1 MiB.</summary>
    public required long MaxRequestBytes { get; init; }

    /// <summary><c>Shim__Access__ApiKeys__N__Sha256</c> and <c>__Name</c>: who may call. Default: none, and then only this machine may.</summary>
    public required IReadOnlyList<ApiKey> ApiKeys { get; init; }

    /// <summary><c>Shim__Access__Entra__…</c>: whose tokens of Entra ID open it. Default: nobody's.</summary>
    public required EntraSettings? Entra { get; init; }

    /// <summary><c>Tls__CaFile</c>: PEM file of certificate authorities trusted beside the system's, for Entra ID. Default: none.</summary>
    public required string? CaFile { get; init; }

    /// <summary><c>AllowedHosts</c>: names under which clients reach the shim, separated by semicolons. Loopback names are always among them.</summary>
    public required IReadOnlyList<string> AllowedHosts { get; init; }

    /// <summary><c>Shim__AllowedOrigins__N</c>: origins whose pages may call, besides those on an allowed host. Default: none.</summary>
    public required IReadOnlyList<string> AllowedOrigins { get; init; }
}
