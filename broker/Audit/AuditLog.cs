using Google.Protobuf;
using Sidecar.Broker.Credentials;
using Sidecar.Broker.Operations;
using Sidecar.Contract;

namespace Sidecar.Broker.Audit;

/// <summary>One line for each call: who asked for what, on which record, and how it ended. No content, no secret.</summary>
internal sealed partial class AuditLog(CredentialStore credentials, ILogger<AuditLog> logger)
{
    public void Write(Operation operation, IMessage request, Failure? failure, TimeSpan elapsed, string? caller)
    {
        var level = failure is { Changed: not Changed.Nothing } ? LogLevel.Warning : LogLevel.Information;
        if (!logger.IsEnabled(level)) return;
        var record = operation.Descriptor.InputType.Fields.InFieldNumberOrder()
            .Where(field => field.Annotation().IdOf.Length > 0)
            .Select(field => Printable(field.Accessor.GetValue(request) as string))
            .FirstOrDefault();
        var (outcome, changed) = failure is null ? ("OK", "-") : (failure.Reason, failure.Changed.ToString());
        var (by, technician) = (Printable(caller) ?? "-", credentials.Current?.TechnicianEmail ?? "-");
        Log(level, operation.DisplayName, operation.Access, record ?? "-", outcome, changed, (long)elapsed.TotalMilliseconds, by, technician);
    }

    // Both come from the caller: nothing that could forge a line.
    private static string? Printable(string? text) =>
        text is null ? null : new string([.. text.Where(character => !char.IsControl(character)).Take(64)]);

    [LoggerMessage(Message = "audit {Operation} ({Access}) record={Record} outcome={Outcome} changed={Changed} {Milliseconds}ms caller={Caller} technician={Technician}")]
    private partial void Log(
        LogLevel level, string operation, Access access, string record, string outcome, string changed, long milliseconds, string caller, string technician);
}
