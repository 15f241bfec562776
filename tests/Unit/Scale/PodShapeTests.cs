using Shouldly;
using Sidecar.Scale;
using Sidecar.Scale.Inputs;
using Xunit;

namespace Sidecar.Tests.Unit.Scale;

public class PodShapeTests
{
    [Fact]
    public void Both_programs_of_the_base_are_counted()
    {
        var pod = Repository.Pod();
        pod.Probes.Select(probe => probe.Container).Distinct().ShouldBe(["broker", "shim"], ignoreOrder: true);
        pod.MemoryMib.ShouldBeGreaterThan(Repository.Inputs()["pod.broker_idle"]);
        pod.MemoryLimitMib.ShouldBeGreaterThan(pod.MemoryMib);
    }

    [Fact]
    public void Requests_and_probes_of_containers_that_keep_running_are_added_up()
    {
        var pod = PodShape.Parse("""
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: example}
            spec:
              revisionHistoryLimit: 2
              selector: {}
              template:
                spec:
                  terminationGracePeriodSeconds: 90
                  initContainers:
                  - name: broker
                    restartPolicy: Always
                    startupProbe: {exec: {command: [a]}, periodSeconds: 1}
                    livenessProbe: {exec: {command: [a]}, periodSeconds: 30}
                    resources: {requests: {cpu: 10m, memory: 64Mi}, limits: {memory: 128Mi}}
                  - name: once
                    resources: {requests: {cpu: "1", memory: 1Gi}, limits: {memory: 1Gi}}
                  containers:
                  - name: shim
                    readinessProbe: {httpGet: {path: /readyz, port: 8080}}
                    resources: {requests: {cpu: 20m, memory: 32Mi}, limits: {memory: 64Mi}}
            """);
        (pod.MemoryMib, pod.MemoryLimitMib, pod.GraceSeconds, pod.ReplicaSets).ShouldBe((96, 192, 90, 3));
        pod.CpuMillicores.ShouldBe(30, 1e-9);
        pod.Probes.ShouldBe([new Probe("broker", Exec: true, 30), new Probe("shim", Exec: false, 10)]);
    }
}
