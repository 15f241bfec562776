namespace Sidecar.Broker.Onboarding;

/// <summary>What a command has changed so far, so that one that ends early can say it.</summary>
internal sealed class Deeds
{
    private readonly List<string> _done = [];

    /// <summary>Notes a change: a whole sentence.</summary>
    public void Add(string deed) => _done.Add(deed);

    public override string ToString() => _done.Count == 0 ? "Nothing was changed." : $"Done before that: {string.Join(' ', _done)}";
}
