using System.Security.Cryptography;
using System.Text;
using Sidecar.Contract;

namespace Sidecar.Broker.Credentials;

/// <summary>Reads the credential from a file: a local run, Secrets Store CSI, Vault Agent, a Kubernetes secret.</summary>
internal sealed partial class FileSource(string path, TimeProvider clock, ILogger<FileSource> logger) : ICredentialSource
{
    /// <summary>A file that stays away for this long was removed; less may be a replacement under way.</summary>
    public static readonly TimeSpan Gone = TimeSpan.FromSeconds(5);

    // Not every writer replaces a file whole. What stands still for this long is what was meant.
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(250);
    private const int Looks = 8;

    // The group may read: a pod's fsGroup gives a volume to the broker's user that way.
    private const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    private string? _settled;
    private long? _goneSince;
    private bool _warned;

    public async Task<Credential> ReadAsync(CancellationToken cancellationToken)
    {
        var content = await LoadAsync(cancellationToken);
        if (_settled is null)
        {
            try
            {
                // The first one is taken at once if it is whole, so that a start does not wait.
                return Parse(content);
            }
            catch (CredentialException)
            {
                // Perhaps it is being written.
            }
        }

        for (var look = 0; look < Looks && Version(content) != _settled; look++)
        {
            await Task.Delay(Settling, clock, cancellationToken);
            var before = Version(content);
            content = await LoadAsync(cancellationToken);
            if (Version(content) == before) break;
        }

        return Parse(content);
    }

    // A digest of the content changes exactly when the credential does, and gives nothing away.
    private static string Version(byte[] content) => "file-" + Convert.ToHexStringLower(SHA256.HashData(content))[..12];

    private Credential Parse(byte[] content)
    {
        var version = Version(content);
        var credential = StoredCredential.Parse(Encoding.UTF8.GetString(content), version, $"The credential file {path}");
        _settled = version;
        return credential;
    }

    private async Task<byte[]> LoadAsync(CancellationToken cancellationToken)
    {
        try
        {
            // Shared with every writer: a lock of ours must not keep a rotation out.
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            CheckMode(file);
            if (file.Length > CredentialJson.MaxBytes) throw StoredCredential.TooLarge($"The credential file {path}");
            var content = new byte[CredentialJson.MaxBytes];
            var length = await file.ReadAtLeastAsync(content, content.Length, throwOnEndOfStream: false, cancellationToken);
            _goneSince = null;
            return content[..length];
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            _goneSince ??= clock.GetTimestamp();
            var isReplaced = _settled is not null && clock.GetElapsedTime(_goneSince.Value) < Gone;
            throw isReplaced
                ? new CredentialException(CredentialState.Unreachable, $"The credential file {path} is not there at this moment.", inner: exception)
                : new CredentialException(CredentialState.Missing, $"There is no credential file {path}. Put it there and let the broker's user read it.", inner: exception);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new CredentialException(
                CredentialState.Denied, $"The credential file {path} may not be read by the broker's user. Let that user read it.", inner: exception);
        }
        catch (IOException exception)
        {
            throw new CredentialException(
                CredentialState.Unreachable, $"The credential file {path} cannot be read ({exception.GetType().Name}).", inner: exception);
        }
    }

    // Of the file that was opened, so that neither links nor a replacement in between mislead.
    private void CheckMode(FileStream file)
    {
        if (OperatingSystem.IsWindows()) return;
        var mode = File.GetUnixFileMode(file.SafeFileHandle);
        var isOpen = (mode & Others) != 0;
        if (isOpen && !_warned) LogOpen(path, Convert.ToString((int)mode, toBase: 8).PadLeft(4, '0'));
        _warned = isOpen;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Every user of this machine can reach the credential file {Path} (mode {Mode}). Take that away: chmod o-rw, or defaultMode 0440 for a volume in a pod with an fsGroup.")]
    private partial void LogOpen(string path, string mode);
}
