using System.Net;
using Shouldly;
using Sidecar.Broker.Sdp;
using Sidecar.Broker.Tls;
using Sidecar.Contract;
using Xunit;

namespace Sidecar.Tests.Unit.Broker;

public class BoundedBodyTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(32 * 1024)]
    [InlineData((32 * 1024) + 1)]
    [InlineData(BoundedBody.TooLarge - 1)]
    public async Task Whatever_is_below_the_bound_is_read_whole(int length)
    {
        var bytes = Enumerable.Range(0, length).Select(i => (byte)(i * 31)).ToArray();
        foreach (var isAnnounced in new[] { true, false })
        {
            using var stream = new Counted(length, i => (byte)(i * 31));
            using var content = new StreamContent(stream);
            if (isAnnounced) content.Headers.ContentLength = length;
            using var body = await BoundedBody.ReadAsync(content, Cancel);
            body.IsTooLarge.ShouldBeFalse();
            body.Bytes.Span.SequenceEqual(bytes).ShouldBeTrue();
        }
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, BoundedBody.TooLarge)]
    public async Task Beyond_the_bound_reading_ends_and_what_is_announced_is_not_even_begun(bool isAnnounced, int read)
    {
        using var stream = new Counted(50_000_000, _ => (byte)' ');
        using var content = new StreamContent(stream);
        if (isAnnounced) content.Headers.ContentLength = 50_000_000;
        using var body = await BoundedBody.ReadAsync(content, Cancel);
        (body.IsTooLarge, body.Bytes.Length, stream.BytesRead).ShouldBe((true, 0, read));
    }

    [Theory]
    [InlineData("GET", 499_990, null)]
    [InlineData("GET", 500_001, "TooLarge")]
    [InlineData("POST", 500_001, "Unreadable")]
    public async Task An_answer_of_too_many_parts_is_not_parsed_however_small_it_is(string method, int zeros, string? expected)
    {
        var body = $$"""{"a":[{{string.Join(',', Enumerable.Repeat('0', zeros - 12))}}],{{Rig.Ok[1..]}}""";
        using var rig = new Rig((_, _) => Task.FromResult(Wire.Json(body)));
        var sending = rig.Client.SendAsync(new HttpMethod(method), "/requests", [], Cancel);
        if (expected is null) await sending;
        else (await Should.ThrowAsync<SdpException>(() => sending)).Failure.ToString().ShouldBe(expected);
    }

    [Theory]
    [InlineData("GET", 200, "TooLarge")]
    [InlineData("POST", 200, "Unreadable")]
    [InlineData("POST", 403, "Refused")]
    [InlineData("POST", 502, "ServerError")]
    public async Task An_answer_that_is_too_large_is_told_for_what_it_proves(string method, int status, string expected)
    {
        using var rig = new Rig((_, _) => Task.FromResult(new HttpResponseMessage((HttpStatusCode)status) { Content = new StreamContent(new Counted(20_000_000, _ => (byte)' ')) }));
        var failure = await Should.ThrowAsync<SdpException>(() => rig.Client.SendAsync(new HttpMethod(method), "/requests", [], Cancel));
        failure.Failure.ToString().ShouldBe(expected);
        rig.Sdp.Calls.Count.ShouldBe(1);
        if (method == "GET") Sidecar.Broker.Operations.Translator.Translate(failure, Catalog.Current["ListRequests"]).Next.ShouldNotBeNull().ShouldContain("fewer rows");
    }

    [Fact]
    public async Task A_reply_of_the_vault_is_bounded()
    {
        var stream = new Counted(50_000_000, _ => (byte)' ');
        using var handler = new BoundedReplies(new Fixed(new StreamContent(stream)), most: 256 * 1024);
        using var client = new HttpMessageInvoker(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://vault.example.com");
        await Should.ThrowAsync<HttpRequestException>(() => client.SendAsync(request, Cancel));
        stream.BytesRead.ShouldBeLessThan(1024 * 1024);
    }

    private sealed class Fixed(HttpContent content) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage { Content = content });
    }

    // Bytes that are made as they are read, so that a large answer costs the test no memory.
    private sealed class Counted(int length, Func<int, byte> make) : Stream
    {
        public int BytesRead { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = Math.Min(count, length - BytesRead);
            for (var i = 0; i < read; i++) buffer[offset + i] = make(BytesRead + i);
            BytesRead += read;
            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
