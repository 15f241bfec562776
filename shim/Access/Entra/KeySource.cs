using System.Text.Json;
using Sidecar.Shim.Settings;
using Sidecar.Shim.Tls;

namespace Sidecar.Shim.Access.Entra;

/// <summary>Reads the tenant's public keys: its metadata says where they are.</summary>
internal sealed class KeySource : IDisposable
{
    /// <summary>Most time that one reading may take, both calls together.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private const int MostBytes = 256 * 1024;

    private readonly EntraSettings _entra;
    private readonly HttpClient _http;

    public KeySource(ShimSettings settings)
        : this(settings.Entra!, OutboundHandler.Create(settings.CaFile))
    {
    }

    internal KeySource(EntraSettings entra, HttpMessageHandler handler)
    {
        _entra = entra;
        _http = new HttpClient(handler) { MaxResponseContentBufferSize = MostBytes, Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <exception cref="KeySourceException">They cannot be had; the message says why.</exception>
    public async Task<KeySet> ReadAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            var keysUrl = KeysUrl(await _http.GetByteArrayAsync(new Uri($"{_entra.Issuer}/.well-known/openid-configuration"), limit.Token));
            var keys = KeySet.Parse(await _http.GetByteArrayAsync(keysUrl, limit.Token), _entra.Issuer, $"{_entra.TenantId:D}");
            return keys.Count > 0 ? keys : throw new KeySourceException("Entra ID published no key that could be used");
        }
        catch (OperationCanceledException)
        {
            throw new KeySourceException($"no whole answer came within {Patience.TotalSeconds} seconds");
        }
        catch (HttpRequestException problem)
        {
            // Its message may quote what a stranger on the way answered.
            throw new KeySourceException(problem.StatusCode is { } status ? $"the answer was HTTP {(int)status}" : $"the connection failed ({problem.HttpRequestError})");
        }
        catch (JsonException)
        {
            throw new KeySourceException("what answered is not Entra ID: it sent other JSON, or none");
        }
    }

    public void Dispose() => _http.Dispose();

    private Uri KeysUrl(byte[] metadata)
    {
        using var document = JsonDocument.Parse(metadata);
        if (document.RootElement.ValueKind != JsonValueKind.Object) throw new JsonException("It is no metadata.");
        if (!document.RootElement.TryGetProperty("issuer", out var issuer) || issuer.ValueKind != JsonValueKind.String || issuer.GetString() != _entra.Issuer)
            throw new KeySourceException("the tenant's metadata names another issuer than Authority and TenantId make; one of them is wrong");

        return document.RootElement.TryGetProperty("jwks_uri", out var keys) && keys.ValueKind == JsonValueKind.String
            && Uri.TryCreate(keys.GetString(), UriKind.Absolute, out var url)
            && url.GetLeftPart(UriPartial.Authority) == _entra.Authority.GetLeftPart(UriPartial.Authority)
                ? url
                : throw new KeySourceException("the tenant's metadata names keys at another place than the authority");
    }
}
