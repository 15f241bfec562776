namespace Sidecar.Broker.Sdp;

/// <summary>What an instance is taken to count calls by: method and path without the ids. It publishes neither limit nor rule.</summary>
/// <param name="Api">Where the API of the instance begins.</param>
/// <param name="Name">Such as <c>GET /requests/{id}</c>.</param>
internal sealed record CallKind(Uri Api, string Name)
{
    /// <summary>The kind of a call. No word of the API's paths has a digit in it, and every id has one.</summary>
    public static CallKind Of(Uri api, HttpMethod method, string path) => new(
        api, $"{method} {string.Join('/', path.Split('/').Select(part => part.Any(char.IsAsciiDigit) ? "{id}" : part))}");
}
