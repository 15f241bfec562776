namespace Sidecar.Shim.Access.Entra;

/// <summary>The one person whose tokens open this shim: by object id, or by user principal name.</summary>
/// <param name="Name">How the audit names them.</param>
/// <param name="ObjectId">Their object id; null if they are known by name.</param>
internal sealed record Owner(string Name, Guid? ObjectId)
{
    private const int MostNameCharacters = 113;

    /// <summary>Reads <c>Shim__Access__Entra__Owner</c>; null if it is neither.</summary>
    public static Owner? Parse(string text)
    {
        if (Guid.TryParseExact(text, "D", out var id)) return id == Guid.Empty ? null : new Owner($"{id:D}", id);

        // It travels in a gRPC header, so it has to be plain ASCII; Entra allows no other in a principal name.
        var at = text.IndexOf('@', StringComparison.Ordinal);
        return at > 0 && at < text.Length - 1 && at == text.LastIndexOf('@') && text.Length <= MostNameCharacters && text.All(letter => letter is > ' ' and <= '~')
            ? new Owner(text, null)
            : null;
    }

    /// <summary>
    /// Whether a token is theirs. Only <c>oid</c> and <c>upn</c> count: Entra lets people change what preferred_username, email
    /// and name show, and a guest brings them from elsewhere.
    /// </summary>
    /// <param name="objectId">The claim <c>oid</c>.</param>
    /// <param name="principalName">The claim <c>upn</c>.</param>
    public bool Is(string? objectId, string? principalName) => ObjectId is { } id
        ? Guid.TryParse(objectId, out var given) && given == id
        : string.Equals(principalName, Name, StringComparison.OrdinalIgnoreCase);
}
