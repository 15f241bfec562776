namespace Sidecar.Scale.Inputs;

/// <summary>The inputs by name. It knows which were asked for, so that none is kept that nothing depends on.</summary>
internal sealed class InputSet(InputFile file)
{
    private readonly HashSet<string> _used = [];

    public double this[string name]
    {
        get
        {
            _used.Add(name);
            return file.Inputs.TryGetValue(name, out var input) ? input.Value : throw new KeyNotFoundException($"docs/scale.inputs.json has no input \"{name}\".");
        }
    }

    public IReadOnlyList<int> Users => file.Users;

    /// <summary>The number of users that the page's answer is for.</summary>
    public int Headline => file.Headline;

    public IReadOnlyList<NodeSize> Nodes => file.Nodes;

    /// <summary>CPU that AKS keeps for itself on a node of so many cores, in millicores.</summary>
    public int ReservedCpu(int cores) =>
        file.ReservedCpu.TryGetValue(cores, out var reserved) ? reserved : throw new KeyNotFoundException($"docs/scale.inputs.json has no reserved_cpu for {cores} cores.");

    public IEnumerable<KeyValuePair<string, Input>> All => file.Inputs;

    public IEnumerable<string> Unused => file.Inputs.Keys.Except(_used);
}
