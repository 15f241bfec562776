namespace Sidecar.Broker.Tls;

/// <summary>Bounds the answers of a client that would read them whole, however long.</summary>
/// <param name="inner">Makes the calls.</param>
/// <param name="most">Largest body in bytes, as it comes out of decompression.</param>
internal sealed class BoundedReplies(HttpMessageHandler inner, long most) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        try
        {
            await response.Content.LoadIntoBufferAsync(most, cancellationToken);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }
}
