namespace Sidecar.Simulator;

/// <summary>One request as the simulator saw it. Holds no credential: of a token only its number.</summary>
public sealed record JournalEntry
{
    /// <summary>1 for the first request since the start.</summary>
    public required long Seq { get; init; }

    /// <summary>Who was asked.</summary>
    public required Service Service { get; init; }

    /// <summary>HTTP method.</summary>
    public required string Method { get; init; }

    /// <summary>Path without the query.</summary>
    public required string Path { get; init; }

    /// <summary>The decoded <c>input_data</c>, from wherever it came.</summary>
    public string? InputData { get; init; }

    /// <summary>Where <c>input_data</c> came from: <c>query</c> or <c>form</c>.</summary>
    public string? InputDataIn { get; init; }

    /// <summary>Other query parameters; credentials are masked.</summary>
    public required IReadOnlyDictionary<string, string> Query { get; init; }

    /// <summary>Other form fields; credentials are masked.</summary>
    public required IReadOnlyDictionary<string, string> Form { get; init; }

    /// <summary>Names of the headers sent.</summary>
    public required IReadOnlyList<string> HeaderNames { get; init; }

    /// <summary>The Accept header.</summary>
    public string? Accept { get; init; }

    /// <summary>The User-Agent header.</summary>
    public string? UserAgent { get; init; }

    /// <summary>The Authorization header's scheme, without its value.</summary>
    public string? AuthorizationScheme { get; init; }

    /// <summary>Content type of the body.</summary>
    public string? ContentType { get; init; }

    /// <summary>Which of the access tokens ever issued came with it: 1 for the first.</summary>
    public int? TokenOrdinal { get; init; }

    /// <summary>HTTP status answered; absent while under way, and where no status was sent.</summary>
    public int? Status { get; init; }

    /// <summary>The record that it changed, such as <c>requests/1234</c>; absent if it changed nothing.</summary>
    public string? Changed { get; init; }

    /// <summary>The fault that struck it.</summary>
    public string? Fault { get; init; }

    /// <summary>When it came, by the simulator's clock.</summary>
    public required DateTimeOffset Time { get; init; }
}
