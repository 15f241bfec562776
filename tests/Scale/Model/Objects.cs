using Sidecar.Scale.Inputs;

namespace Sidecar.Scale.Model;

/// <summary>What a user is to the API server.</summary>
internal static class Objects
{
    public static double Each(PodShape pod, InputSet inputs) =>
        inputs["user.rendered_objects"] + inputs["user.added_objects"] + inputs["user.controller_objects"] + pod.ReplicaSets;

    /// <summary>In etcd, in bytes: what is rendered, and what every object has on top.</summary>
    public static double Bytes(PodShape pod, InputSet inputs) => inputs["user.rendered_bytes"] + Each(pod, inputs) * inputs["user.bytes_an_object"];
}
