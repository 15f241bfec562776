using System.Diagnostics;
using System.Net;
using Azure.Core;
using Azure.Core.Pipeline;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Sidecar.Broker.Onboarding.Bulk;
using Xunit;

namespace Sidecar.Tests.Unit.Broker.Bulk;

/// <summary>Calls to a vault that are held back before the vault has to.</summary>
public sealed class VaultPaceTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly Wire _wire = new();
    private readonly VaultPace _pace;
    private readonly HttpPipeline _pipeline;

    public VaultPaceTests()
    {
        _pace = new VaultPace(_clock);
        var options = new Options { Transport = new HttpClientTransport(_wire), Retry = { MaxRetries = 0 } };
        options.AddPolicy(_pace, HttpPipelinePosition.PerRetry);
        _pipeline = HttpPipelineBuilder.Build(options);
    }

    public void Dispose()
    {
        _pace.Dispose();
        _wire.Dispose();
    }

    [Fact]
    public async Task Secrets_are_set_no_faster_than_the_vault_takes_them()
    {
        var start = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => Send(RequestMethod.Put)));
        // 24 at once, 24 after a second, the rest after two; the first second may have begun before.
        start.Elapsed.ShouldBeGreaterThan(TimeSpan.FromSeconds(1));
        _wire.Sent.ShouldBe(60);
    }

    [Fact]
    public async Task A_refusal_of_one_call_holds_all_calls_back_for_as_long_as_the_vault_asks()
    {
        _wire.RetryAfter = 7;
        (await Send(RequestMethod.Put)).ShouldBe(429);
        _wire.RetryAfter = null;
        var others = new[] { Send(RequestMethod.Put), Send(RequestMethod.Get) };
        _clock.Advance(TimeSpan.FromSeconds(6.9));
        await Task.Yield();
        others.ShouldAllBe(call => !call.IsCompleted);
        _wire.Sent.ShouldBe(1);
        _clock.Advance(TimeSpan.FromSeconds(0.2));
        (await Task.WhenAll(others)).ShouldBe([200, 200]);
    }

    private async Task<int> Send(RequestMethod method)
    {
        using var message = _pipeline.CreateMessage();
        message.Request.Method = method;
        message.Request.Uri.Reset(new Uri("https://vault.example.com/secrets/x"));
        await _pipeline.SendAsync(message, TestContext.Current.CancellationToken);
        return message.Response.Status;
    }

    private sealed class Options : ClientOptions;

    private sealed class Wire : HttpMessageHandler
    {
        private int _sent;

        public int Sent => _sent;

        /// <summary>Seconds that a refusal asks for; null: nothing is refused.</summary>
        public int? RetryAfter { get; set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _sent);
            var response = new HttpResponseMessage(RetryAfter is null ? HttpStatusCode.OK : HttpStatusCode.TooManyRequests) { Content = new ByteArrayContent([]) };
            if (RetryAfter is { } seconds) response.Headers.RetryAfter = new(TimeSpan.FromSeconds(seconds));
            return Task.FromResult(response);
        }
    }
}
