using Google.Protobuf;

namespace Sidecar.Shim.Arguments;

/// <summary>Arguments as a message; it is only worth sending if there are no problems.</summary>
internal sealed record BoundArguments(IMessage Message, IReadOnlyList<string> Problems);
