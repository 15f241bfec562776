using Sidecar.Simulator;
using Sidecar.Tests.Faults.Run;

namespace Sidecar.Tests.Faults.Matrix;

/// <summary>A row of the matrix: one fault, how it is brought about, and what it does to a call.</summary>
/// <param name="Group">The chapter it stands in.</param>
/// <param name="Name">What happens, in words.</param>
/// <param name="Effect">What that does to a call.</param>
internal sealed record FaultRow(string Group, string Name, Effect Effect)
{
    /// <summary>The reason that callers are given where nothing was changed.</summary>
    public string? Told { get; init; }

    /// <summary>The same for a read, where that is told otherwise.</summary>
    public string? ReadTold { get; init; }

    /// <summary>Words that the client must be told, as a regular expression.</summary>
    public string? Says { get; init; }

    /// <summary>How many writes may arrive where one is sent: two where the first is proven not to have been accepted.</summary>
    public int Writes { get; init; } = 1;

    /// <summary>Strikes the call that matters; its method and path are filled in for each class.</summary>
    public Fault? Struck { get; init; }

    /// <summary>Strikes whatever fits, from before the broker starts.</summary>
    public IReadOnlyList<Fault> FromStart { get; init; } = [];

    /// <summary>Strikes whatever fits, once the pair is ready.</summary>
    public IReadOnlyList<Fault> Everywhere { get; init; } = [];

    /// <summary>Prepares the scene before the pair starts: settings, credential, switches.</summary>
    public Action<Scene>? Prepare { get; init; }

    /// <summary>Brings the fault about once the pair is ready and before the first call.</summary>
    public Func<Scene, Task>? Begin { get; init; }

    /// <summary>Happens before each call.</summary>
    public Action<Scene, Call>? Before { get; init; }

    /// <summary>Happens while each call is on its way.</summary>
    public Func<Scene, Call, Task>? During { get; init; }

    /// <summary>Happens after each call, before the simulator is looked at.</summary>
    public Func<Scene, Call, Task>? After { get; init; }

    /// <summary>Ends what removing the simulator's faults does not end.</summary>
    public Func<Scene, Task>? Lift { get; init; }

    /// <summary>True if the broker cannot become ready before the fault is gone.</summary>
    public bool StartsBroken { get; init; }

    /// <summary>True if the calls cannot be made at the same time, because the fault strikes a process.</summary>
    public bool OneByOne { get; init; }

    /// <summary>Cells that do not follow from the effect.</summary>
    public IReadOnlyDictionary<OperationClass, Expectation> Except { get; init; } = new Dictionary<OperationClass, Expectation>();
}
