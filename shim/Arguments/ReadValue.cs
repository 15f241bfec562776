namespace Sidecar.Shim.Arguments;

/// <summary>A value as its field takes it, or why it is none. Neither: there was nothing to read.</summary>
internal readonly record struct ReadValue(object? Value, string? Problem)
{
    public static ReadValue Of(object value) => new(value, null);

    public static ReadValue Bad(string problem) => new(null, problem);
}
