namespace Sidecar.Broker.Onboarding;

/// <summary>Why a command ends without having done its work, in words for the person who ran it; never quotes a secret.</summary>
/// <param name="what">What happened: whole sentences.</param>
/// <param name="next">What to do about it.</param>
/// <param name="inner">What it came from.</param>
internal sealed class CommandFailure(string what, string next, Exception? inner = null) : Exception(what, inner)
{
    public string Next { get; } = next;

    /// <summary>True where something may have been changed and nobody could see whether it was; the message says what.</summary>
    public bool IsUnsure { get; init; }
}
