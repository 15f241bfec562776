namespace Sidecar.Tests.Faults.Matrix;

/// <summary>What the client is told about its call, as the sentences of the answer say it.</summary>
internal enum Claim
{
    /// <summary>It is done: an answer with the record.</summary>
    Done,

    /// <summary>"Nothing was changed."</summary>
    Nothing,

    /// <summary>"Only a part of it was done".</summary>
    Partly,

    /// <summary>"It is not known whether the change was made."</summary>
    Unknown,

    /// <summary>No answer at all: the connection to the shim broke.</summary>
    Silence,
}
