using Sidecar.Scale.Model;

namespace Sidecar.Scale.Page;

internal static class WatchSection
{
    public static void Write(Text text, Findings found)
    {
        var (inputs, limits, share) = (found.Inputs, found.Limits, found.Inputs["watch.share"]);
        string Most(Limit limit) => $"{Say.Count(limit.Capacity * share)} {limit.Unit}";
        text.Heading("What to watch")
            .Paragraph($"Act at {Say.Percent(share)} of a limit. What to alert on for a single pod, and all of the programs' own metrics (`sidecar.…`), are in [observability.md](observability.md).")
            .Table(
                ["what", "metric, or where to look", "act at"],
                [
                    ["role assignments", "Resource Graph, `authorizationresources`, count by subscription", Most(limits.RoleAssignments)],
                    ["vault, throttled", "Key Vault `ServiceApiResult` with status 429; `sidecar.credential.state` with `throttled`", "any, for longer than a start"],
                    ["vault, calls", "Key Vault `ServiceApiHit`", $"{Say.Count(limits.VaultAtRest.Capacity * share)} calls/s of one vault"],
                    ["Deployments", "`apiserver_storage_objects{resource=\"deployments.apps\"}`, by namespace with `kube_deployment_created`", Most(limits.Deployments)],
                    ["Services", "`apiserver_storage_objects{resource=\"services\"}`", Most(limits.Services)],
                    ["etcd", "`apiserver_storage_size_bytes`", $"{Say.Number(limits.Etcd.Capacity * share / 1e9)} GB"],
                    ["roll-outs that wait", "`workqueue_depth{name=\"deployment\"}`", $"{Say.Count(Rollout.Wave(inputs))}, the size of a wave"],
                    ["pods that wait", "`scheduler_pending_pods`, `kube_pod_status_ready{condition=\"false\"}`, `sidecar.ready`", $"any, for longer than a wave lasts, {Say.Time(Rollout.Seconds(Rollout.Wave(inputs), inputs))}"],
                    ["memory of a pod", "`container_memory_working_set_bytes`, `kube_pod_container_status_last_terminated_reason{reason=\"OOMKilled\"}`", $"{Say.Count(found.Pod.MemoryLimitMib * share)} MiB of both containers, any kill"],
                    ["kubelet", "`kubelet_pleg_relist_duration_seconds`, `kubelet_running_pods`", $"{Say.Count(found.Best.MaxPods * share)} pods; a relist of a second"],
                    ["inotify on a node", "a pod that does not start; `fs.inotify.max_user_instances` counts by user id, so for all pods of a node together", $"{Say.Count(inputs["k8s.inotify"])} pods, if a program takes one"],
                    ["network policies", "`cilium_identity`", Most(limits.CiliumIdentities)],
                    ["Argo CD", "`argocd_app_reconcile`, `workqueue_depth{name=\"app_reconciliation_queue\"}`", $"{Say.Time(inputs["argo.poll"])} to reconcile all"],
                    ["outbound ports", "NAT gateway `SNATConnectionCount`, state failed", "any"],
                    ["metrics", "Azure Monitor workspace `ActiveTimeSeries`", Most(limits.Series)],
                    ["directory", "Microsoft Graph, `directorySizeQuota`", Most(limits.Directory)],
                ]);
    }
}
