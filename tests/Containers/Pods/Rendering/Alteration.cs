using System.Text.RegularExpressions;

namespace Sidecar.Tests.Containers.Pods.Rendering;

/// <summary>One thing that a pod is played otherwise than it was rendered.</summary>
/// <param name="Why">Why it has to be.</param>
/// <param name="Paths">All that it may touch, as <see cref="Difference.Path"/> names it.</param>
/// <param name="Apply">Does it.</param>
internal sealed record Alteration(string Why, Regex Paths, Action<Translation> Apply);
