using Sidecar.Scale.Model;

namespace Sidecar.Scale.Page;

internal static class LimitsSection
{
    public static void Write(Text text, Findings found)
    {
        var inputs = found.Inputs;
        text.Heading("What runs out, and in which order")
            .Paragraph($"""
                How many users one of each holds, and how many it takes if they are filled one after the other. Limits of {found.Best.Node.Name} nodes where nodes
                matter. Kubernetes' thresholds are no walls: beyond them it gets slow.
                """)
            .Table(
                ["what", "of one", ">has", ">holds users", .. inputs.Users.Select(users => $">for {Say.Count(users)}")],
                found.Limits.All.Select(limit => (string[])
                [
                    limit.What, limit.Of, Capacity(limit), Say.Count(limit.Users), .. inputs.Users.Select(users => Say.Count(limit.Needed(users))),
                ]))
            .Paragraph($"""
                A federated credential is the identity's, and an identity has {Say.Count(inputs["azure.federated"])}: one for each cluster and namespace that may run the
                user's pod. It is no limit of users. Zoho counts tokens for each refresh token, so its limits do not add up either; all pods of a cell
                reach it from the same public addresses, though. API server and etcd: {Say.Count(Objects.Each(found.Pod, inputs))} objects and
                {Say.Number(Objects.Bytes(found.Pod, inputs) / 1000)} kB a user, {Say.Count(Objects.Each(found.Pod, inputs) * found.Users)} objects and
                {Say.Number(Objects.Bytes(found.Pod, inputs) * found.Users / 1e9)} GB for {Say.Count(found.Users)}; {Say.Count(found.Pod.ReplicaSets)} of a user's are
                ReplicaSets, which `revisionHistoryLimit` keeps. A network policy and a route each are among them. Azure NPM ends
                before Cilium does; take Cilium.
                """);
    }

    private static string Capacity(Limit limit) => limit.Unit == "bytes" ? $"{Say.Number(limit.Capacity / 1e9)} GB" : $"{Say.Count(limit.Capacity)} {limit.Unit}";
}
