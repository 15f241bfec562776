using Shouldly;
using Sidecar.Broker.Onboarding;
using Sidecar.Broker.Onboarding.Overlays;
using Xunit;
using static Sidecar.Tests.Unit.Onboarding.Overlays;

namespace Sidecar.Tests.Unit.Onboarding;

public sealed class UserOverlayTests : IDisposable
{
    private readonly DirectoryInfo _users = Directory.CreateTempSubdirectory("sidecar-overlays-");
    private readonly UserOverlay _overlay;

    public UserOverlayTests() => _overlay = new UserOverlay(_users, User("ada@example.com"));

    private string FilePath => Path.Combine(_overlay.Folder, "kustomization.yaml");

    public void Dispose() => _users.Delete(recursive: true);

    [Fact]
    public void It_is_written_once_read_back_changed_and_removed()
    {
        _overlay.Read().ShouldBeNull();
        _overlay.Remove().ShouldBeFalse();
        var facts = Example with { AzureClientId = null };
        _overlay.Write(facts).ShouldBeTrue();
        _overlay.Write(facts).ShouldBeFalse();
        (_overlay.Read()! with { Wish = facts.Wish }).ShouldBe(facts);
        _overlay.Write(Example).ShouldBeTrue();
        _overlay.Read()!.AzureClientId.ShouldBe(Example.AzureClientId);
        Directory.EnumerateFileSystemEntries(_overlay.Folder).ShouldBe([FilePath]);
        _overlay.Remove().ShouldBeTrue();
        _users.EnumerateFileSystemInfos().ShouldBeEmpty();
    }

    [Fact]
    public void What_an_interrupted_command_left_is_replaced_and_removed()
    {
        Directory.CreateDirectory(_overlay.Folder);
        File.WriteAllText($"{FilePath}.new", "# ada@exam");
        _overlay.Read().ShouldBeNull();
        _overlay.Write(Example).ShouldBeTrue();
        Directory.EnumerateFileSystemEntries(_overlay.Folder).ShouldBe([FilePath]);
        File.WriteAllText($"{FilePath}.new", "# ada@exam");
        _overlay.Remove().ShouldBeTrue();
        Directory.Exists(_overlay.Folder).ShouldBeFalse();
    }

    [Fact]
    public void A_line_that_somebody_added_is_neither_overwritten_nor_removed()
    {
        _overlay.Write(Example);
        File.AppendAllText(FilePath, "components: [../../components/otel]\n");
        StaysAsItIs("changed by hand");
    }

    [Fact]
    public void A_file_of_somebody_else_is_neither_overwritten_nor_removed()
    {
        Directory.CreateDirectory(_overlay.Folder);
        File.WriteAllText(FilePath, "resources: [../../base]\n");
        StaysAsItIs("not written by this program");
    }

    [Fact]
    public void The_overlay_of_one_user_in_the_folder_of_another_is_not_read_as_theirs()
    {
        _overlay.Write(Example);
        File.WriteAllText(FilePath, OverlayText.Of(User("ben@example.com"), Example));
        Should.Throw<CommandFailure>(() => _overlay.Read());
    }

    [Fact]
    public void A_folder_with_other_files_is_not_removed()
    {
        _overlay.Write(Example);
        File.WriteAllText(Path.Combine(_overlay.Folder, "patch.yaml"), "");
        Should.Throw<CommandFailure>(() => _overlay.Remove()).Message.ShouldContain("patch.yaml");
        File.Exists(FilePath).ShouldBeTrue();
    }

    [Fact]
    public void A_folder_that_cannot_be_one_is_told_with_what_to_do()
    {
        File.WriteAllText(_overlay.Folder, "");
        Should.Throw<CommandFailure>(() => _overlay.Write(Example)).Next.ShouldContain("--users");
        File.Delete(_overlay.Folder);
        Directory.CreateDirectory(Path.Combine(_overlay.Folder, "kustomization.yaml.new"));
        Should.Throw<CommandFailure>(() => _overlay.Write(Example)).Message.ShouldContain("cannot be written");
        _overlay.Exists.ShouldBeFalse();
    }

    private void StaysAsItIs(string why)
    {
        var text = File.ReadAllText(FilePath);
        Should.Throw<CommandFailure>(() => _overlay.Read()).Message.ShouldContain(why);
        Should.Throw<CommandFailure>(() => _overlay.Write(Example)).Next.ShouldContain("aside");
        Should.Throw<CommandFailure>(() => _overlay.Remove());
        File.ReadAllText(FilePath).ShouldBe(text);
    }
}
