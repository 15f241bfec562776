using System.Diagnostics;

namespace Sidecar.Broker.Credentials;

/// <summary>
/// A value that must not be seen. It prints as a placeholder wherever text is made of it; the one way out is
/// <see cref="Reveal"/>, called where the value goes on the wire.
/// </summary>
[DebuggerDisplay("[secret]")]
internal sealed class Secret(string value) : IEquatable<Secret>
{
    public string Reveal() => value;

    public bool Equals(Secret? other) => other is not null && string.Equals(value, other.Reveal(), StringComparison.Ordinal);

    public override bool Equals(object? obj) => Equals(obj as Secret);

    public override int GetHashCode() => value.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => "[secret]";
}
