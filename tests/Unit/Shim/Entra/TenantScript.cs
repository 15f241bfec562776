using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Sidecar.Tests.Unit.Shim.Entra;

/// <summary>Answers as a tenant of Entra ID does, as the test says.</summary>
internal sealed class TenantScript(string issuer) : HttpMessageHandler
{
    private static readonly string Modulus = Base64Url.EncodeToString(RSA.Create(2048).ExportParameters(false).Modulus);

    private int _readings;

    public List<string> KeyIds { get; } = ["one"];

    /// <summary>True: it answers 503.</summary>
    public bool Away { get; set; }

    /// <summary>Where set, answers wait for it.</summary>
    public Task? Hold { get; set; }

    /// <summary>How often it was asked, metadata and keys together counted once.</summary>
    public int Readings => _readings;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var asksForMetadata = request.RequestUri!.AbsolutePath.EndsWith("/openid-configuration", StringComparison.Ordinal);
        if (asksForMetadata) Interlocked.Increment(ref _readings);
        if (Hold is { } hold) await hold.WaitAsync(cancellationToken);
        if (Away) return new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);

        object body = asksForMetadata
            ? new { issuer, jwks_uri = $"{new Uri(issuer).GetLeftPart(UriPartial.Authority)}/keys" }
            : new { keys = KeyIds.Select(id => new { kty = "RSA", use = "sig", kid = id, n = Modulus, e = "AQAB" }) };
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json") };
    }
}
