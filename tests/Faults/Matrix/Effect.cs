namespace Sidecar.Tests.Faults.Matrix;

/// <summary>What a fault does to the call that it strikes. <see cref="Rules"/> says what follows from it.</summary>
internal enum Effect
{
    /// <summary>The call gets through all the same.</summary>
    Harmless,

    /// <summary>The call cannot have arrived.</summary>
    NotSent,

    /// <summary>Nothing was sent, and the broker has to get over it by itself.</summary>
    Blocked,

    /// <summary>Nothing was sent, and asking again would make it worse: a refused credential, a pause that was asked for.</summary>
    Final,

    /// <summary>ServiceDesk Plus has had too many calls and refuses more for a time.</summary>
    Throttled,

    /// <summary>The same, and the time it names is short.</summary>
    ThrottledShortly,

    /// <summary>The instance refuses the call by its documented codes.</summary>
    Refused,

    /// <summary>The instance answers with its own internal error, and has done nothing.</summary>
    Failed,

    /// <summary>The instance answers with its own internal error, and has done it all the same.</summary>
    FailedDone,

    /// <summary>No answer that says anything; nothing was done.</summary>
    Lost,

    /// <summary>No answer that says anything; it was done.</summary>
    LostDone,

    /// <summary>No answer; it was done, and the instance cannot be read either.</summary>
    LostUnseen,

    /// <summary>No answer; it is done later, after everybody has looked.</summary>
    Late,

    /// <summary>The instance answers with a warning, and has done nothing.</summary>
    Warned,

    /// <summary>The instance answers with a warning, and has done it all the same.</summary>
    WarnedDone,

    /// <summary>The instance answers success, and has done nothing.</summary>
    Lied,

    /// <summary>The broker dies while the call is on its way.</summary>
    BrokerGone,

    /// <summary>The shim dies while the call is on its way.</summary>
    ShimGone,

    /// <summary>The broker stands still for longer than the shim waits.</summary>
    BrokerStill,
}
