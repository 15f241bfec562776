using Microsoft.Extensions.Diagnostics.HealthChecks;
using Sidecar.Broker.Credentials;
using Sidecar.Broker.Tokens;
using Sidecar.Contract;

namespace Sidecar.Broker.Health;

/// <summary>Ready means that a call can be made now: there is a credential, and an access token made of it.</summary>
internal sealed class Readiness(CredentialStore credentials, TokenBroker tokens) : IHealthCheck
{
    /// <summary>Why calls cannot be made; null if they can.</summary>
    public string? Problem
    {
        get
        {
            if (credentials.Current is null) return credentials.Problem;
            var token = tokens.Status;
            return token.State switch
            {
                TokenState.Valid => null,
                TokenState.None => "The first access token was not issued yet.",
                _ => token.Problem,
            };
        }
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(Problem is { } problem ? HealthCheckResult.Unhealthy(problem) : HealthCheckResult.Healthy());
}
