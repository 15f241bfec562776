using Microsoft.Extensions.Options;
using Shouldly;
using Sidecar.Broker.Credentials;
using Sidecar.Broker.Tokens;
using Sidecar.Contract;
using Xunit;

namespace Sidecar.Tests.Unit.Broker;

/// <summary>The file of Tokens__CachePath: who can read it, what it replaces, where it is refused.</summary>
public sealed class TokenFileTests : IDisposable
{
    private const UnixFileMode Mode0600 = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sidecar-");

    private string Place => Path.Combine(_folder.FullName, "token.json");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task It_is_never_there_in_part_or_with_another_mode()
    {
        var file = new TokenFile(Place, "boot");
        Save(file, calls: 1);
        using var end = new CancellationTokenSource();
        var writing = Task.Run(
            () =>
            {
                for (var calls = 1; !end.IsCancellationRequested; calls = (calls % 500) + 1) Save(file, calls);
            },
            TestContext.Current.CancellationToken);
        for (var look = 0; look < 2000; look++)
        {
            file.Load(TimeSpan.FromHours(2))!.Calls.Count.ShouldBeInRange(1, 500);
            File.GetUnixFileMode(Place).ShouldBe(Mode0600);
            foreach (var path in Directory.GetFiles(_folder.FullName))
            {
                try
                {
                    File.GetUnixFileMode(path).ShouldBe(Mode0600, path);
                }
                catch (FileNotFoundException)
                {
                    // The draft has become the file.
                }
            }
        }

        await end.CancelAsync();
        await writing;
    }

    [Fact]
    public void What_lies_where_the_new_file_is_written_is_neither_followed_nor_kept_open()
    {
        var elsewhere = Path.Combine(_folder.FullName, "elsewhere");
        File.WriteAllText(elsewhere, "untouched");
        File.CreateSymbolicLink(Place + ".new", elsewhere);
        Save(new TokenFile(Place, "boot"), calls: 1);
        File.ReadAllText(elsewhere).ShouldBe("untouched");
        File.GetUnixFileMode(Place).ShouldBe(Mode0600);
        new FileInfo(Place).LinkTarget.ShouldBeNull();
    }

    [Fact]
    public async Task It_holds_the_access_token_and_nothing_of_the_credential()
    {
        using var rig = new RestartRig();
        await rig.Tokens.GetAsync(TestContext.Current.CancellationToken);
        var text = await File.ReadAllTextAsync(rig.Path, TestContext.Current.CancellationToken);
        text.ShouldContain("hush-token-1");
        foreach (var secret in new[] { "hush-refresh", "hush-client", "1000.CLIENT" }) text.ShouldNotContain(secret);
    }

    [Fact]
    public void A_record_prints_no_token() =>
        new StoredToken("x", new Secret("hush"), TimeSpan.Zero, TimeSpan.Zero).ToString().ShouldNotContain("hush");

    [Theory]
    [InlineData("0640")]
    [InlineData("0604")]
    [InlineData("0620")]
    [InlineData("0602")]
    [InlineData("0666")]
    public void A_file_that_others_can_use_is_refused(string mode)
    {
        File.WriteAllText(Place, "{}");
        File.SetUnixFileMode(Place, (UnixFileMode)Convert.ToInt32(mode, 8));
        Problem(Place).ShouldContain("0600");
    }

    [Fact]
    public void A_place_that_cannot_hold_it_is_refused()
    {
        File.CreateSymbolicLink(Place, Path.Combine(_folder.FullName, "target"));
        Problem(Place).ShouldContain("symbolic link");
        Problem(_folder.FullName).ShouldContain("folder");
        Problem(Path.Combine(_folder.FullName, "missing", "token.json")).ShouldContain("does not exist");
        Problem("token.json").ShouldContain("absolute");
        Problem("").ShouldContain("absolute");
        Problem("/proc/token.json").ShouldNotBeEmpty();
    }

    [Fact]
    public void A_good_place_is_taken_and_left_as_it_was()
    {
        TokenFile.Problem(Place).ShouldBeNull();
        Directory.GetFileSystemEntries(_folder.FullName).ShouldBeEmpty();
        Save(new TokenFile(Place, "boot"), calls: 3);
        TokenFile.Problem(Place).ShouldBeNull();
        new TokenFile(Place, "boot").Load(TimeSpan.FromHours(2))!.Calls.Count.ShouldBe(3);
        new TokensOptionsValidator().Validate(null, new TokensOptions()).ShouldBe(ValidateOptionsResult.Success);
    }

    private static void Save(TokenFile file, int calls) => file.Save(
        TimeSpan.FromHours(1),
        [.. Enumerable.Range(0, calls).Select(call => new TokenCall("grant", TimeSpan.FromSeconds(call)))],
        new TokenFailure("credential", "grant", TokenState.Unreachable, "why", TimeSpan.FromHours(1)),
        new StoredToken("credential", new Secret("hush"), TimeSpan.Zero, TimeSpan.FromHours(1)));

    private static string Problem(string path) =>
        new TokensOptionsValidator().Validate(null, new TokensOptions { CachePath = path }).FailureMessage.ShouldNotBeNull();
}
