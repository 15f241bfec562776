using System.Text;

namespace Sidecar.Broker.Onboarding.Overlays;

/// <summary>A user's folder of Kubernetes manifests, <c>k8s/users/SLUG</c>: a kustomize overlay of a few lines, without a secret.</summary>
/// <param name="users">Folder of all users' overlays.</param>
/// <param name="user">Whose it is.</param>
internal sealed class UserOverlay(DirectoryInfo users, UserName user)
{
    private const string FileName = "kustomization.yaml";

    public string Folder { get; } = Path.Combine(users.FullName, user.Slug);

    public bool Exists => File.Exists(Path.Combine(Folder, FileName));

    /// <summary>What the overlay that is there says; null if there is none, or it was not written by this program.</summary>
    public OverlayFacts? Read() => Exists ? OverlayText.Parse(File.ReadAllText(Path.Combine(Folder, FileName))) : null;

    /// <summary>Writes it whole or not at all.</summary>
    /// <returns>False if it was so already.</returns>
    /// <exception cref="CommandFailure">The folder cannot be written.</exception>
    public bool Write(OverlayFacts facts)
    {
        var (file, text) = (Path.Combine(Folder, FileName), OverlayText.Of(user, facts));
        try
        {
            if (File.Exists(file) && File.ReadAllText(file) == text) return false;
            Directory.CreateDirectory(Folder);
            File.WriteAllText($"{file}.new", text, new UTF8Encoding(false));
            File.Move($"{file}.new", file, overwrite: true);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure($"The overlay {Folder} cannot be written: {exception.Message}", "Mend that, or choose another folder with --users, and run the command again: it goes on where it was.", exception);
        }
    }

    /// <summary>Removes the folder.</summary>
    /// <returns>False if there was none.</returns>
    public bool Remove()
    {
        if (!Directory.Exists(Folder)) return false;
        try
        {
            Directory.Delete(Folder, recursive: true);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure($"The overlay {Folder} cannot be removed: {exception.Message}", "Mend that, and run the command again.", exception);
        }
    }
}
