namespace Sidecar.Broker.Onboarding;

/// <summary>What a command has changed so far, so that one that ends early can say it.</summary>
internal sealed class Deeds
{
    private const int MostTold = 12;

    // Several users may be worked on at once.
    private readonly Lock _gate = new();
    private readonly List<string> _done = [];

    /// <summary>Notes a change: a whole sentence.</summary>
    public void Add(string deed)
    {
        lock (_gate) _done.Add(deed);
    }

    /// <summary>What was changed, in sentences.</summary>
    /// <param name="isUnsure">Something more may have been, which is told already.</param>
    public string Tell(bool isUnsure)
    {
        lock (_gate)
        {
            return (_done.Count, isUnsure) switch
            {
                (0, false) => "Nothing was changed.",
                (0, true) => "Nothing else was changed.",
                _ => $"Done before that: {string.Join(' ', _done.Take(MostTold))}{(_done.Count > MostTold ? $" And {_done.Count - MostTold} more changes." : "")}",
            };
        }
    }
}
