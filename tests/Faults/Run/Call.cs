using Sidecar.Simulator;
using Sidecar.Tests.Faults.Matrix;

namespace Sidecar.Tests.Faults.Run;

/// <summary>The call of one cell: on a request of its own, with words that are nowhere else.</summary>
/// <param name="Operation">The class.</param>
/// <param name="RequestId">The request it is about.</param>
/// <param name="Words">What it writes.</param>
internal sealed record Call(OperationClass Operation, string RequestId, string Words)
{
    /// <summary>Its path, as a regular expression.</summary>
    public string Path => Operation.Path.Replace("{id}", RequestId, StringComparison.Ordinal);

    /// <summary>True for what the simulator received on behalf of this call and that was to change something.</summary>
    public bool Wrote(JournalEntry entry) => Operation.Kind != Kind.Reads && Matches(entry);

    /// <summary>True for the request that matters.</summary>
    public bool Matches(JournalEntry entry) => entry.Service == Service.Sdp && entry.Method == Operation.Method
        && System.Text.RegularExpressions.Regex.IsMatch(entry.Path, Path, System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1));

    /// <summary>How often it is done, by the instance's records.</summary>
    public int Done(Instance instance) => Operation.Count(instance, RequestId, Words);
}
