using System.Buffers;

namespace Sidecar.Broker.Sdp;

/// <summary>The body of an answer in a borrowed buffer, as far as it may go; disposing gives the buffer back.</summary>
internal sealed class BoundedBody : IDisposable
{
    /// <summary>
    /// Bytes at which an answer is too large, counted as they come out of decompression. A page of a hundred whole requests with
    /// long descriptions stays below; a broker for one user lives in a pod of little memory, and eight calls run at once.
    /// </summary>
    public const int TooLarge = 8 * 1024 * 1024;

    private const int First = 32 * 1024;

    // A pool of its own, with one buffer of each size: the shared one keeps some for each thread, and these are large.
    private static readonly ArrayPool<byte> Pool = ArrayPool<byte>.Create(TooLarge, maxArraysPerBucket: 1);

    private byte[] _buffer;
    private int _length;

    private BoundedBody(int capacity) => _buffer = Pool.Rent(capacity);

    /// <summary>The body; empty if it is too large.</summary>
    public Memory<byte> Bytes => IsTooLarge ? default : _buffer.AsMemory(0, _length);

    /// <summary>True if it is too large. What came of it is not kept, and the rest was not read.</summary>
    public bool IsTooLarge => _length >= TooLarge;

    /// <summary>Reads a body.</summary>
    /// <exception cref="IOException">It ends early, or its compression is broken.</exception>
    public static async Task<BoundedBody> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        var announced = content.Headers.ContentLength;
        if (announced >= TooLarge) return new BoundedBody(0) { _length = TooLarge };
        // One byte more than announced: the end is found without another, larger buffer.
        var body = new BoundedBody((int)(announced + 1 ?? First));
        try
        {
            await body.FillAsync(await content.ReadAsStreamAsync(cancellationToken), cancellationToken);
            return body;
        }
        catch (Exception exception)
        {
            body.Dispose();
            // That is how decompression says it.
            if (exception is InvalidDataException or InvalidOperationException) throw new IOException("The compression of the answer is broken.", exception);
            throw;
        }
    }

    public void Dispose()
    {
        Pool.Return(_buffer);
        (_buffer, _length) = ([], 0);
    }

    private async Task FillAsync(Stream stream, CancellationToken cancellationToken)
    {
        int read;
        while (!IsTooLarge && (read = await stream.ReadAsync(_buffer.AsMemory(_length), cancellationToken)) > 0)
        {
            _length += read;
            if (_length == _buffer.Length) Grow();
        }
    }

    private void Grow()
    {
        if (IsTooLarge) return;
        var larger = Pool.Rent(Math.Min(_length * 4, TooLarge));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        Pool.Return(_buffer);
        _buffer = larger;
    }
}
