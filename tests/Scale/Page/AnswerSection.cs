using Sidecar.Scale.Model;

namespace Sidecar.Scale.Page;

internal static class AnswerSection
{
    public static void Write(Text text, Findings found)
    {
        var (inputs, users, best, cells) = (found.Inputs, found.Users, found.Best, found.CellsOf(found.Users));
        var (always, zero) = (Cost.Always(users, best, cells.Count, inputs), Cost.ToZero(users, best, cells.Count, inputs));
        var nodes = found.Nodes(users, best);
        var single = found.Limits.All.Where(limit => limit.Users < users).Select(limit => $"{limit.What} of one {limit.Of} at {Say.Count(limit.Users)}");
        text.Heading($"At {Say.Count(users)} users", 1)
            .Paragraph("""
                Written by `dotnet run --project tests/Scale` from [scale.inputs.json](scale.inputs.json) and the pod in [k8s/base](../k8s/base); do
                not edit. Every number is an input or computed from inputs. What is an estimate is listed [below](#inputs): put your own in its place and
                run it again. None of it was run on a cluster of this size.
                """)
            .Heading("The answer")
            .List(
                $"""
                **{Say.Count(cells.Count)} cells**, each a subscription with a Key Vault and an AKS cluster, and at most {Say.Count(cells.Users)} users. What ends a cell is
                {found.Limits.Cell.What}: {Say.Count(found.Limits.Cell.Capacity)} of one {found.Limits.Cell.Of}, one a user.
                """,
                $"""
                **{Say.Count(nodes)} nodes** of {best.Node.Name} ({best.Node.Cores} cores, {Say.Number(best.Node.MemoryGib)} GiB), spare ones included, with
                {Say.Count(best.Users)} users each. What ends a node is {Bound(best)}.
                """,
                $"""
                **Memory**: a pod requests {Say.Count(found.Pod.MemoryMib)} MiB, {Say.Count(users * found.Pod.MemoryMib / 1024)} GiB in all. Idle it takes
                {Say.Number(inputs["pod.machine_memory"])} MB of the machine: working sets of {Say.Number(inputs["pod.broker_idle"])} MB for the broker and
                {Say.Number(inputs["pod.shim_idle"])} for the shim; in use {Say.Number(inputs["pod.broker_used"])} and {Say.Number(inputs["pod.shim_used"])}.
                """,
                $"""
                **CPU**: idle, {Say.Number(inputs["pod.broker_idle_cpu"] + inputs["pod.shim_idle_cpu"])} millicores a pod, and
                {Say.Number(Probes.Millicores(found.Pod, inputs))} for its probes.
                """,
                $"""
                **Cost**: {Say.Dollars(always.Total / users)} a user and month, {Say.Dollars(zero.Total / users)} with scale to zero. Prices are estimates.
                """,
                $"""
                **What breaks first**, by the number of users: {string.Join("; ", single)}.
                """);
    }

    private static string Bound(Packing packing) => packing.Bound switch
    {
        "memory" => "the memory that pods request",
        "CPU" => "the CPU that pods request",
        _ => $"the number of pods that it bears, {Say.Count(packing.MaxPods)} with those of the system",
    };
}
