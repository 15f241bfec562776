namespace Sidecar.Simulator;

/// <summary>How a service misbehaves.</summary>
public enum FaultKind
{
    /// <summary>Answers with the given status and body, or an empty one.</summary>
    Status,

    /// <summary>Answers 200, or the given status, with the given body.</summary>
    Body,

    /// <summary>Answers 200 with an HTML login page.</summary>
    Html,

    /// <summary>Cuts every connection of the service before TLS: nothing can have been sent. Method and path do not count.</summary>
    Refuse,

    /// <summary>Cuts the connection in place of an answer.</summary>
    Reset,

    /// <summary>Sends status line and headers, then cuts the connection.</summary>
    ResetAfterHeaders,

    /// <summary>Announces the whole body, sends half of it and cuts the connection.</summary>
    Truncate,

    /// <summary>Says nothing until the client goes away.</summary>
    Hang,

    /// <summary>Waits for <see cref="Fault.DelayMs"/>, then answers properly.</summary>
    Delay,

    /// <summary>Sends the proper answer in small pieces, <see cref="Fault.DelayMs"/> between two.</summary>
    Drip,

    /// <summary>Sends the proper answer followed by bytes that are no JSON.</summary>
    Garbage,

    /// <summary>
    /// Sends a valid list of <see cref="Fault.Size"/> bytes in pieces. A Content-Length in <see cref="Fault.Headers"/> announces
    /// it, and Content-Encoding: gzip compresses it.
    /// </summary>
    Huge,

    /// <summary>Sends the whole proper answer, and <see cref="Fault.DelayMs"/> later cuts the connection.</summary>
    ResetAfterBody,

    /// <summary>Sends the proper answer under the given content type.</summary>
    Mislabelled,

    /// <summary>Cuts the connection in place of an answer; the request takes effect when the faults are removed.</summary>
    Late,

    /// <summary>Every connection of the service meets a certificate that has run out. Method and path do not count.</summary>
    ExpiredCertificate,
}

/// <summary>One misbehaviour, waiting for the requests that it fits.</summary>
public sealed record Fault
{
    /// <summary>Which service.</summary>
    public required Service Service { get; init; }

    /// <summary>Only requests of this method; any by default.</summary>
    public string? Method { get; init; }

    /// <summary>Only paths that match this regular expression; any by default.</summary>
    public string? Path { get; init; }

    /// <summary>How many requests it strikes before it is gone; all by default.</summary>
    public int? Times { get; init; }

    /// <summary>How many fitting requests pass unharmed first.</summary>
    public int Skip { get; init; }

    /// <summary>True: the request takes effect first, and only the answer suffers.</summary>
    public bool After { get; init; }

    /// <summary>What happens.</summary>
    public required FaultKind Kind { get; init; }

    /// <summary>HTTP status to answer.</summary>
    public int? Status { get; init; }

    /// <summary>Body to answer.</summary>
    public string? Body { get; init; }

    /// <summary>Content type of the body; JSON by default.</summary>
    public string? ContentType { get; init; }

    /// <summary>Further headers to answer, such as Retry-After.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>Bytes of a huge answer, before it is compressed.</summary>
    public long Size { get; init; } = 50_000_000;

    /// <summary>True for what strikes a connection, before any request is on it.</summary>
    internal bool IsOfConnections => Kind is FaultKind.Refuse or FaultKind.ExpiredCertificate;

    /// <summary>Milliseconds of real time, for the kinds that wait.</summary>
    public int DelayMs { get; init; } = 1000;
}
