namespace Sidecar.Tests.Containers.Harness;

/// <summary>A base image with a shell and an <c>az</c> that notes what it was asked for and gives out what lies in its folder.</summary>
public sealed class FakeAzureCli : IAsyncDisposable
{
    private const string Az = """
        #!/bin/sh
        echo "$*" >> "$AZURE_CONFIG_DIR/calls"
        read -r token < "$AZURE_CONFIG_DIR/token.json"
        echo "$token"

        """;

    private FakeAzureCli(string image) => Image = image;

    public string Image { get; }

    public static async Task<FakeAzureCli> MakeAsync()
    {
        var folder = Directory.CreateTempSubdirectory("sidecar-az-");
        try
        {
            // This machine's shell is of the same distribution as the base.
            File.Copy(new FileInfo("/bin/sh").ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? "/bin/sh", Path.Combine(folder.FullName, "sh"));
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "az"), Az);
            await File.WriteAllTextAsync(
                Path.Combine(folder.FullName, "Dockerfile"), $"FROM {Images.Base}\nCOPY --chmod=0755 sh /bin/sh\nCOPY --chmod=0755 az /usr/bin/az\n");
            var image = $"localhost/{Names.New("az")}:1";
            await Podman.DoAsync("build", "--quiet", "--tag", image, folder.FullName);
            return new FakeAzureCli(image);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    public async ValueTask DisposeAsync() => await Podman.TryAsync("image", "rm", "--force", Image);
}
