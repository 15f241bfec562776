namespace Sidecar.Shim.Access.Entra;

/// <summary>Entra's keys cannot be had. The message is ours and quotes nothing that was received.</summary>
internal sealed class KeySourceException(string message) : Exception(message);
