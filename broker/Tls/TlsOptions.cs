using Microsoft.Extensions.Options;

namespace Sidecar.Broker.Tls;

/// <summary>Whom outbound TLS trusts: settings <c>Tls__…</c>.</summary>
internal sealed class TlsOptions
{
    /// <summary>PEM file of certificate authorities trusted beside the system's: for SDP, Zoho and Azure alike.</summary>
    public string? CaFile { get; set; }
}

internal sealed class TlsOptionsValidator : IValidateOptions<TlsOptions>
{
    public ValidateOptionsResult Validate(string? name, TlsOptions options)
    {
        if (options.CaFile is null) return ValidateOptionsResult.Success;
        try
        {
            return OutboundHandlers.ReadCertificates(options.CaFile).Count > 0
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail($"Tls__CaFile {options.CaFile} holds no certificate in PEM.");
        }
        catch (Exception exception)
        {
            return ValidateOptionsResult.Fail($"Tls__CaFile {options.CaFile} cannot be read as PEM certificates: {exception.Message}");
        }
    }
}
