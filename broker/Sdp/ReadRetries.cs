using System.Text.Json;
using Polly;
using Polly.Retry;

namespace Sidecar.Broker.Sdp;

/// <summary>Repeats a read where that may help, with growing pauses of random length; a short pause that was asked for is kept.</summary>
internal sealed class ReadRetries(TimeProvider clock)
{
    private readonly ResiliencePipeline _pipeline = new ResiliencePipelineBuilder { TimeProvider = clock }
        .AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = 3,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = TimeSpan.FromMilliseconds(250),
            ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Exception is SdpException failure && MayHelp(failure)),
            DelayGenerator = arguments => ValueTask.FromResult((arguments.Outcome.Exception as SdpException)?.RetryAfter),
        })
        .Build();

    /// <summary>Reads, at most four times, as long as anybody waits for it.</summary>
    /// <exception cref="SdpException">What failed last.</exception>
    public async Task<JsonElement> RunAsync(Flight flight, Func<CancellationToken, Task<JsonElement>> read) => await _pipeline.ExecuteAsync(
        async end =>
        {
            try
            {
                return await read(end);
            }
            catch (SdpException failure)
            {
                flight.LastFailure = failure;
                throw;
            }
        },
        flight.Deserted);

    private static bool MayHelp(SdpException failure) => failure.RetryAfter is { } pause
        ? pause <= Gate.Patience && failure.Failure is SdpFailure.ServerError or SdpFailure.Throttled
        : failure.Failure is SdpFailure.NotSent or SdpFailure.NoAnswer or SdpFailure.ServerError;
}
