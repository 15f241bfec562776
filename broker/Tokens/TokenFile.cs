using System.Text.Json;

namespace Sidecar.Broker.Tokens;

/// <summary>
/// Keeps the record in a file that only the broker's user can read. It is either the old one or the new one, never a part;
/// one broker uses it at a time.
/// </summary>
internal sealed class TokenFile(string path, string boot)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private const int MaxBytes = 256 * 1024, NoSpace = 28, NoQuota = 122;

    // No token lives longer, no pause is longer: a file that says so does not lock for hours.
    private static readonly TimeSpan LongestLife = TimeSpan.FromDays(1);

    public string Path => path;

    /// <summary>What is wrong with a place for the file, for people; null if it will do. What is there is not read.</summary>
    public static string? Problem(string path)
    {
        if (!OperatingSystem.IsLinux()) return "works on Linux only";
        if (!System.IO.Path.IsPathFullyQualified(path)) return "is not an absolute path";
        try
        {
            if (!Directory.Exists(System.IO.Path.GetDirectoryName(path))) return "is in a folder that does not exist";
            if (Directory.Exists(path)) return "is a folder, not a file";
            if (new FileInfo(path).LinkTarget is not null) return "is a symbolic link: name the file itself";
            // Who can open a file that its owner alone may read is its owner: so nobody else put it there.
            if (File.Exists(path))
            {
                if ((File.GetUnixFileMode(path) & Others) != 0)
                    return "can be read or written by other users: it holds an access token, so remove it, or give it mode 0600";
                using var existing = File.OpenRead(path);
            }

            WriteNew(path, []);
            File.Delete(Draft(path));
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return "cannot be read and written by the broker's user";
        }
        catch (IOException exception) when (exception.HResult is NoSpace or NoQuota)
        {
            // A full volume is no mistake in the settings, and may pass.
            return null;
        }
        catch (IOException exception)
        {
            return $"cannot be written ({exception.GetType().Name})";
        }
    }

    /// <summary>Reads what an earlier broker left. Moments in it are of this start of the machine.</summary>
    /// <returns>The record; null if there is no file.</returns>
    /// <exception cref="InvalidDataException">There is a file, and it does not say what was done.</exception>
    public TokenRecord? Load(TimeSpan now)
    {
        try
        {
            if (!File.Exists(path)) return null;
            if (new FileInfo(path).Length > MaxBytes) throw new InvalidDataException("it is too large");
            var record = JsonSerializer.Deserialize(File.ReadAllBytes(path), TokenJson.Default.TokenRecord);
            if (record is not { Format: TokenRecord.CurrentFormat }) throw new InvalidDataException("it is of another version");
            return record.Calls.All(call => call is not null) ? Settle(record, now) : throw new JsonException();
        }
        catch (Exception exception) when (exception is JsonException or OverflowException)
        {
            throw new InvalidDataException("it is not what a broker wrote");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException(exception.GetType().Name);
        }
    }

    /// <summary>Replaces the file as a whole.</summary>
    /// <exception cref="IOException">That was not possible; the old one is still there.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public void Save(TimeSpan now, IReadOnlyList<TokenCall> calls, TokenFailure? failure, StoredToken? token)
    {
        var record = new TokenRecord { Format = TokenRecord.CurrentFormat, Boot = boot, Saved = now, Calls = calls, Failure = failure, Token = token };
        try
        {
            WriteNew(path, JsonSerializer.SerializeToUtf8Bytes(record, TokenJson.Default.TokenRecord));
        }
        catch (ArgumentOutOfRangeException exception)
        {
            // That is how .NET tells that a file may not become that large (EFBIG).
            throw new IOException("the file may not become that large", exception);
        }

        File.Move(Draft(path), path, overwrite: true);
    }

    // After another start of the machine nobody knows how much time went by. Then it counts as none: too many calls is never
    // the result, and no wait gets longer than it was. A token may have ended meanwhile.
    private TokenRecord Settle(TokenRecord record, TimeSpan now)
    {
        var same = record.Boot == boot && record.Saved <= now;
        var shift = same ? TimeSpan.Zero : now - record.Saved;
        return record with
        {
            Calls = [.. record.Calls.Select(call => call with { At = Min(call.At + shift, now) })],
            Failure = record.Failure is { } failure ? failure with { Until = Min(failure.Until + shift, now + TokenMemory.Window) } : null,
            Token = same && record.Token is { } token
                ? token with { Asked = Min(token.Asked, now), Expires = Min(token.Expires, now + LongestLife) }
                : null,
        };
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static string Draft(string path) => path + ".new";

    // Made anew with its mode from the first moment, so that nobody can have it open; follows no link.
    private static void WriteNew(string path, byte[] bytes)
    {
        File.Delete(Draft(path));
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        using var stream = new FileStream(Draft(path), options);
        stream.Write(bytes);
        stream.Flush(flushToDisk: true);
    }
}
