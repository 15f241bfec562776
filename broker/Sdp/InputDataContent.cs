using System.Net;
using System.Net.Http.Headers;

namespace Sidecar.Broker.Sdp;

/// <summary>
/// The form body of a write. It knows whether sending it was begun: a request whose body was never begun cannot have
/// been carried out.
/// </summary>
internal sealed class InputDataContent : HttpContent
{
    private readonly byte[] _body;

    public InputDataContent(string? inputData)
    {
        _body = inputData is null ? [] : System.Text.Encoding.ASCII.GetBytes("input_data=" + Uri.EscapeDataString(inputData));
        Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
    }

    public bool WasBegun { get; private set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        WasBegun = true;
        return stream.WriteAsync(_body, cancellationToken).AsTask();
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Length;
        return true;
    }
}
