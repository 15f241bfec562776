using Sidecar.Scale.Model;

namespace Sidecar.Scale.Page;

internal static class RolloutSection
{
    public static void Write(Text text, Findings found)
    {
        var (inputs, cells, wave) = (found.Inputs, found.CellsOf(found.Users), Rollout.Wave(found.Inputs));
        text.Heading("A new image, and GitOps")
            .Paragraph($"""
                A pod is replaced by ending the old one first (`Recreate`): its user is without service for {Say.Time(Rollout.Alone(inputs))}, and up to
                {Say.Time(found.Pod.GraceSeconds)} more while a call is let finish. The cluster's controllers make
                {Say.Count(inputs["k8s.controller_qps"])} calls a second and take {Say.Count(inputs["k8s.writes_a_rollout"])} a user. The model takes their queue as
                first in, first out: all old pods end before the new ones are made, so in a large wave a user waits for half of it.
                """)
            .Table(
                ["wave", ">users", ">lasts", ">a user is without service"],
                new[] { ("a first one", Rollout.First(cells.Users, inputs)), ("the largest within the target", wave), ("the fullest cell at once", cells.Users) }.Select(row => (string[])
                [
                    row.Item1, Say.Count(row.Item2), Say.Time(Rollout.Seconds(row.Item2, inputs)), Say.Time(Rollout.InWave(row.Item2, inputs)),
                ]))
            .Paragraph($"""
                So roll out in waves of at most {Say.Count(wave)} users for {Say.Time(inputs["rollout.target"])} without service, a small one first: the fullest cell takes
                {Say.Count(Rollout.Waves(cells.Users, inputs))} waves and {Say.Time(Rollout.AllWaves(cells.Users, inputs))}, all cells one after the other
                {Say.Time(cells.Count * Rollout.AllWaves((double)found.Users / cells.Count, inputs))}. After the first cell the others may go at once: each has controllers
                of its own. The vault does not notice: {Say.Number(inputs["k8s.controller_qps"] / inputs["k8s.writes_a_rollout"])} pods a second start.
                """)
            .Paragraph($"""
                With Argo CD an ApplicationSet makes the Applications, from a `git` generator over the folders of **one namespace of one cell**: a generator over all users lists them all
                at each poll ({Say.Time(inputs["argo.poll"])}), and a commit to the base makes all of them render. Annotate
                `argocd.argoproj.io/manifest-generate-paths`, so that a commit to one user renders one; label
                Applications by digits of the hash, and let `RollingSync` make the waves of them.
                """)
            .Table(
                ["Applications", .. inputs.Users.Select(users => $">{Say.Count(users)} users"), ">the fullest cell", $">a commit to the base, {Say.Count(found.Users)} users", ">a commit to one user"],
                new Func<int, GitOps>[] { users => GitOps.OfUsers(users, inputs), users => GitOps.OfGroups(users, inputs) }.Select(layout => (string[])
                [
                    layout(found.Users).Layout, .. inputs.Users.Select(users => Say.Count(layout(users).Applications)), Say.Count(layout(cells.Users).Applications),
                    Say.Time(layout(found.Users).RenderSeconds),
                    Say.Time(layout(found.Users).RenderSeconds / layout(found.Users).Applications * inputs["argo.renders"]),
                ]))
            .Paragraph($"""
                A controller shard serves a cluster, so a cell is a shard; Argo's own advice is for {Say.Count(inputs["argo.applications"])} Applications. With one Application
                a user a sync touches one user and a wave is a list of them; with groups there are few, and a group is the smallest wave.
                """);
    }
}
