namespace Sidecar.Sandbox.Processes;

/// <summary>A folder for the files of one run, open to this user alone and gone afterwards.</summary>
public sealed class WorkFolder : IDisposable
{
    // CreateTempSubdirectory makes it with mode 0700.
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sidecar-");

    /// <summary>Path of a file in it.</summary>
    public string File(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>Writes a file that only this user can read.</summary>
    /// <returns>Its path.</returns>
    public string Write(string name, string content)
    {
        var path = File(name);
        using var stream = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        using var writer = new StreamWriter(stream);
        writer.Write(content);
        return path;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
