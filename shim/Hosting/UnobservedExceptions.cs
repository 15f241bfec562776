namespace Sidecar.Shim.Hosting;

/// <summary>Logs exceptions of tasks that nobody looked at: faults of ours that would otherwise pass in silence.</summary>
internal sealed partial class UnobservedExceptions(ILogger<UnobservedExceptions> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        TaskScheduler.UnobservedTaskException += Log;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        TaskScheduler.UnobservedTaskException -= Log;
        return Task.CompletedTask;
    }

    private void Log(object? sender, UnobservedTaskExceptionEventArgs unobserved)
    {
        foreach (var exception in unobserved.Exception.Flatten().InnerExceptions) LogUnobserved(exception.GetType(), exception.StackTrace);
    }

    // Not the exception's message, which may quote anything.
    [LoggerMessage(Level = LogLevel.Error, Message = "Nobody observed {Exception} {Stack}")]
    private partial void LogUnobserved(Type exception, string? stack);
}
