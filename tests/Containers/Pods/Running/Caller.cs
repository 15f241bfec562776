using System.Net.Http.Headers;
using Sidecar.Sandbox;

namespace Sidecar.Tests.Containers.Pods.Running;

/// <summary>Who calls, by what they show.</summary>
internal sealed record Caller(Action<HttpRequestHeaders> Sign)
{
    public static Caller With(ApiKey key) => new(headers => headers.Add("X-API-Key", key.Value));

    public static Caller WithToken(string token) => new(headers => headers.Authorization = new AuthenticationHeaderValue("Bearer", token));
}
