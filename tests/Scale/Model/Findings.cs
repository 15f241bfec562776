using Sidecar.Scale.Inputs;

namespace Sidecar.Scale.Model;

/// <summary>What the page is about: the pod, the node that costs least, and the cells.</summary>
internal sealed class Findings
{
    public Findings(InputSet inputs, PodShape pod)
    {
        (Inputs, Pod) = (inputs, pod);
        Packings = [.. inputs.Nodes.Select(node => Packing.Of(node, pod, inputs))];
        // The cells do not depend on the choice of the node: what ends a cell first is no limit of nodes.
        Best = Packings.MinBy(packing => Cost.Always(Users, packing, Cells.Of(Users, new Limits(inputs, pod, packing)).Count, inputs).Total)!;
        Limits = new Limits(inputs, pod, Best);
    }

    public InputSet Inputs { get; }

    public PodShape Pod { get; }

    public IReadOnlyList<Packing> Packings { get; }

    /// <summary>The one on which the headline's users cost least.</summary>
    public Packing Best { get; }

    public Limits Limits { get; }

    /// <summary>Users of the headline.</summary>
    public int Users => Inputs.Headline;

    public Cells CellsOf(int users) => Cells.Of(users, Limits);

    /// <summary>Nodes of all cells together, with the spare ones of each.</summary>
    public int Nodes(double users, Packing packing)
    {
        var cells = CellsOf((int)Math.Ceiling(users)).Count;
        return cells * packing.NodesWithSpare(users / cells, Inputs);
    }
}
