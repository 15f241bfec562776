using System.Text;

namespace Sidecar.Broker.Onboarding.Overlays;

/// <summary>
/// A user's folder of Kubernetes manifests, <c>k8s/users/SLUG</c>: a kustomize overlay of a few lines, without a secret. What
/// others wrote there, or changed, is neither overwritten nor removed.
/// </summary>
/// <param name="users">Folder of all users' overlays.</param>
/// <param name="user">Whose it is.</param>
internal sealed class UserOverlay(DirectoryInfo users, UserName user)
{
    public string Folder { get; } = Path.Combine(users.FullName, user.Slug);

    public bool Exists => File.Exists(FilePath);

    private string FilePath => Path.Combine(Folder, "kustomization.yaml");

    private string Draft => $"{FilePath}.new";

    /// <summary>What the overlay that is there says; null if there is none.</summary>
    /// <exception cref="CommandFailure">It cannot be read, or it is not as this program writes it.</exception>
    public OverlayFacts? Read() => Try("read", () => Exists ? Facts(File.ReadAllText(FilePath)) : null);

    /// <summary>Writes it whole or not at all.</summary>
    /// <returns>False if it was so already.</returns>
    /// <exception cref="CommandFailure">It cannot be written, a value cannot stand in it, or somebody else's work is there.</exception>
    public bool Write(OverlayFacts facts)
    {
        var text = OverlayText.Of(user, facts);
        return Try("written", () =>
        {
            if (Exists)
            {
                var there = File.ReadAllText(FilePath);
                if (there == text) return false;
                Facts(there);
            }

            Directory.CreateDirectory(Folder);
            File.WriteAllText(Draft, text, new UTF8Encoding(false));
            File.Move(Draft, FilePath, overwrite: true);
            return true;
        });
    }

    /// <summary>Removes the folder.</summary>
    /// <returns>False if there was none.</returns>
    /// <exception cref="CommandFailure">It cannot be removed, or somebody else's work is there.</exception>
    public bool Remove() => Try("removed", () =>
    {
        if (!Directory.Exists(Folder)) return false;
        if (Directory.EnumerateFileSystemEntries(Folder).FirstOrDefault(entry => entry != FilePath && entry != Draft) is { } other)
            throw new CommandFailure($"{other} was not written by this program, so the overlay was left as it is.", $"Remove the folder {Folder} yourself.");
        if (Exists) Facts(File.ReadAllText(FilePath));
        Directory.Delete(Folder, recursive: true);
        return true;
    });

    private OverlayFacts Facts(string text) => OverlayText.Parse(user, text) ?? throw (OverlayText.IsOurs(text)
        ? new CommandFailure(
            $"{FilePath} was changed by hand, or written by another version of this program; it was left as it is.",
            "Move it aside and run the command again. What this pod needs beyond it belongs into an overlay of its own that has this folder among its resources.")
        : new CommandFailure($"{FilePath} was not written by this program; it was left as it is.", "Move it aside, or choose another folder with --users, and run the command again."));

    private T Try<T>(string verb, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(
                $"The overlay {Folder} cannot be {verb}: {exception.Message}", "Mend that, or choose another folder with --users, and run the command again: it goes on where it was.", exception);
        }
    }
}
