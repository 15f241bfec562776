using Sidecar.Broker.Credentials;

namespace Sidecar.Tests.Unit.Broker;

/// <summary>A source that holds, or fails, as the test says, and waits at a gate if there is one.</summary>
internal sealed class ScriptedSource : ICredentialSource
{
    public string Version { get; set; } = "v1";

    public Exception? Failure { get; set; }

    public TaskCompletionSource? Gate { get; set; }

    /// <summary>Called at each reading, before it is answered.</summary>
    public Action? Reading { get; set; }

    public int Reads { get; private set; }

    public async Task<Credential> ReadAsync(CancellationToken cancellationToken)
    {
        Reads++;
        Reading?.Invoke();
        if (Gate is { } gate) await gate.Task.WaitAsync(cancellationToken);
        return Failure is null ? HeldCredential.Version(Version) : throw Failure;
    }
}
