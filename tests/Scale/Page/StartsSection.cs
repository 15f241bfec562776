using Sidecar.Scale.Model;

namespace Sidecar.Scale.Page;

internal static class StartsSection
{
    public static void Write(Text text, Findings found)
    {
        var (inputs, cells, best) = (found.Inputs, found.CellsOf(found.Users), found.Best);
        text.Heading("Start storms")
            .Paragraph($"""
                A broker that starts makes {Say.Count(inputs["vault.start_calls"])} calls to its vault, which takes {Say.Count(inputs["vault.calls"])} in
                {Say.Time(inputs["vault.window"])}. The limit alone makes a time necessary; a herd that is refused needs
                {Say.Number(inputs["storm.simulated_ready"] / inputs["storm.simulated_least"])} times that, as [the simulation](start-storm.md) of the broker's own code found.
                """)
            .Table(
                ["event", "in", ">pods", ">until they start", ">start within", ">the vault makes it", ">all ready after", ">Entra tokens/s"],
                new[]
                {
                    ("all in one cell", Storm.AtOnce(found.Users, inputs)),
                    ("the fullest cell", Storm.AtOnce(cells.Users, inputs)),
                    ("the fullest cell", Storm.Restart(cells.Users, best, inputs)),
                    ("the fullest cell", Storm.Region(cells.Users, best, inputs)),
                    ("any cell", Storm.LostNode(cells.Users, best, inputs)),
                }.Select(row => (string[])
                [
                    row.Item2.What, row.Item1, Say.Count(row.Item2.Brokers), Say.Time(row.Item2.Noticed), Say.Time(row.Item2.StartsWithin),
                    Say.Time(row.Item2.VaultSeconds), Say.Time(row.Item2.Ready), Say.Number(row.Item2.TokensASecond),
                ]))
            .Table(
                [">users", ">all read at once, one vault for all", ">in cells", ">all restart where they are", ">all made anew"],
                inputs.Users.Select(users => (Users: users, Fullest: found.CellsOf(users).Users)).Select(row => (string[])
                [
                    Say.Count(row.Users), Say.Time(Storm.AtOnce(row.Users, inputs).Ready), Say.Time(Storm.AtOnce(row.Fullest, inputs).Ready),
                    Say.Time(Storm.Restart(row.Fullest, best, inputs).Ready), Say.Time(Storm.Region(row.Fullest, best, inputs).Ready),
                ]))
            .Paragraph($"""
                Only pods that read at the same moment meet the vault's limit; kubelets and scheduler start them slower than that. A lost node's users wait for Kubernetes
                to give the node up ({Say.Time(inputs["k8s.node_grace"])}) and for the default toleration ({Say.Time(inputs["k8s.toleration"])}): give pods a shorter
                `tolerationSeconds` for `node.kubernetes.io/unreachable` and `not-ready` if that is too long, and know that a node that is cut off and not dead
                then runs a second broker for as long. Microsoft publishes no limit for workload tokens.
                """);
    }
}
