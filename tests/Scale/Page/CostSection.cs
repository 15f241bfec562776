using Sidecar.Scale.Model;

namespace Sidecar.Scale.Page;

internal static class CostSection
{
    public static void Write(Text text, Findings found)
    {
        var (inputs, users) = (found.Inputs, found.Users);
        var cells = found.CellsOf(users).Count;
        text.Heading("Cost")
            .Paragraph($"""
                Dollars a user and month at {Say.Count(users)} users in {Say.Count(cells)} cells. Scale to zero: {Say.Percent(inputs["use.mean"])} of users have a pod on average,
                {Say.Percent(inputs["use.peak"])} at the busiest hour, and nodes follow. Its price is that the first call after a pause waits
                {Say.Time(Rollout.Alone(inputs) - inputs["rollout.stop"])} for the pod, and each wake asks Entra ID and Zoho for a token: let pods stay for minutes after a call, or
                Zoho's limit for one user is met.
                """)
            .Table(
                ["node", ">always on", ">with scale to zero", ">nodes", ">nodes at the busiest hour"],
                found.Packings.Select(packing => (string[])
                [
                    packing.Node.Name, Say.Dollars(Cost.Always(users, packing, cells, inputs).Total / users), Say.Dollars(Cost.ToZero(users, packing, cells, inputs).Total / users),
                    Say.Count(found.Nodes(users, packing)), Say.Count(cells * packing.NodesWithSpare(users * inputs["use.peak"] / cells, inputs)),
                ]))
            .Table(
                [$"of it, {found.Best.Node.Name}", ">nodes", ">clusters", ">vault", ">logs", ">in all, a month"],
                new[] { ("always on", Cost.Always(users, found.Best, cells, inputs)), ("with scale to zero", Cost.ToZero(users, found.Best, cells, inputs)) }.Select(row => (string[])
                [
                    row.Item1, Say.Dollars(row.Item2.Nodes), Say.Dollars(row.Item2.Clusters), Say.Dollars(row.Item2.Vault), Say.Dollars(row.Item2.Logs), Say.Dollars(row.Item2.Total),
                ]));
    }
}
