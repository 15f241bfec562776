using ModelContextProtocol.Client;

namespace Sidecar.Sandbox;

/// <summary>
/// A client that waits for the first answer. By default it takes a shim that needs five seconds for it to be an old one, and
/// the late answer then rules out what it tries next.
/// </summary>
public static class Patient
{
    public static McpClientOptions Client { get; } = new() { DiscoverProbeTimeout = TimeSpan.FromSeconds(60), InitializationTimeout = TimeSpan.FromSeconds(120) };
}
