namespace Sidecar.Shim.Results;

/// <summary>How far a call had got when the shim itself failed.</summary>
internal enum Stage
{
    NotSent,
    Sent,
    Answered,
}
