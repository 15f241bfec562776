namespace Sidecar.Tests.Manifests.Rendering;

/// <summary>kustomize refused, or had something to say.</summary>
internal sealed class RenderException(string message) : Exception(message);
