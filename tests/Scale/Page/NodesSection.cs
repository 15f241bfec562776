using Sidecar.Scale.Model;

namespace Sidecar.Scale.Page;

internal static class NodesSection
{
    public static void Write(Text text, Findings found)
    {
        var (inputs, pod, best) = (found.Inputs, found.Pod, found.Best);
        text.Heading("Nodes")
            .Paragraph($"""
                A node holds what is left of it after what AKS keeps ({Say.Count(inputs["aks.reserved_a_pod"])} MB for each pod of `maxPods`, used or not, so set it to what
                fits and no more), an eviction threshold and DaemonSets; and no more than {Say.Count(inputs["k8s.pods_a_core"])} pods a core, an
                estimate, or {Say.Count(inputs["aks.pods_a_node"])}, AKS's limit. Nodes have {Say.Percent(inputs["aks.spare"])} to spare, at least one a cell.
                """)
            .Table(
                ["node", ">`maxPods`", ">users", "ends with", ">by memory", ">by CPU", ">by pods", .. inputs.Users.Select(users => $">nodes for {Say.Count(users)}")],
                found.Packings.Select(packing => (string[])
                [
                    packing.Node.Name + (packing == best ? " (least cost)" : ""), Say.Count(packing.MaxPods), Say.Count(packing.Users), packing.Bound,
                    Say.Count(packing.ByMemory), Say.Count(packing.ByCpu), Say.Count(packing.ByPods), .. inputs.Users.Select(users => Say.Count(found.Nodes(users, packing))),
                ]))
            .Paragraph($"""
                Requests leave room: were every pod of a {best.Node.Name} in use at once ({Say.Number(inputs["pod.broker_used"] + inputs["pod.shim_used"])} MB; its limits allow
                {Say.Count(pod.MemoryLimitMib)} MiB), they would hold {Say.Number(best.Users * (inputs["pod.broker_used"] + inputs["pod.shim_used"]) / 1000)} GB of
                its {Say.Number(best.Node.MemoryGib)} GiB; idle, {Say.Number(best.Users * inputs["pod.machine_memory"] / 1000)} GB.
                """);
        WriteProbes(text, found);
    }

    private static void WriteProbes(Text text, Findings found)
    {
        var (inputs, pod, best) = (found.Inputs, found.Pod, found.Best);
        text.Paragraph("**Probes** cost more CPU than idle pods do. An exec probe starts a program; the broker listens on loopback, so it has no other kind.")
            .Table(
                ["probes", ">millicores a pod", $">cores of a node, {Say.Count(best.Users)} users", $">cores, {Say.Count(found.Users)} users", ">execs/s a node"],
                new[] { ("as in k8s/base", pod), ("all by exec", Probes.AllByExec(pod)), ("the shim by HTTP", Probes.ShimByHttp(pod)) }.DistinctBy(row => Probes.Millicores(row.Item2, inputs)).Select(row => (string[])
                [
                    row.Item1, Say.Number(Probes.Millicores(row.Item2, inputs)), Say.Number(Probes.Millicores(row.Item2, inputs) * best.Users / 1000),
                    Say.Number(Probes.Millicores(row.Item2, inputs) * found.Users / 1000),
                    Say.Number(row.Item2.Probes.Where(probe => probe.Exec).Sum(probe => 1.0 / probe.PeriodSeconds) * best.Users),
                ]));
    }
}
