using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Sidecar.Broker.Credentials;
using Sidecar.Contract;
using Xunit;

namespace Sidecar.Tests.Unit.Broker;

public sealed class FileSourceTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sidecar-");
    private readonly WaitingClock _clock = new();
    private readonly NotedLines<FileSource> _log = new();
    private readonly FileSource _source;

    public FileSourceTests() => _source = new FileSource(Path, _clock, _log);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Path => System.IO.Path.Combine(_folder.FullName, "credential.json");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Its_version_follows_its_content()
    {
        Write("one");
        var first = await ReadAsync();
        (await ReadAsync()).Version.ShouldBe(first.Version);
        Write("two");
        var second = await ReadAsync();
        (second.Version, second.RefreshToken.Reveal()).ShouldNotBe((first.Version, first.RefreshToken.Reveal()));
        Write("one");
        (await ReadAsync()).Version.ShouldBe(first.Version);
    }

    [Fact]
    public async Task A_start_with_a_whole_file_does_not_wait()
    {
        Write("one");
        await _source.ReadAsync(Cancel).WaitAsync(TimeSpan.FromSeconds(30), Cancel);
    }

    [Fact]
    public async Task A_file_that_is_being_written_is_not_told_until_it_stands_still()
    {
        Write("one");
        await ReadAsync();
        var whole = Json("two");
        File.WriteAllText(Path, "");
        // A little more is written whenever it waits to look again.
        var length = 0;
        _clock.Waiting = () => File.WriteAllText(Path, whole[..(length = Math.Min(length + 60, whole.Length))]);
        var reading = _source.ReadAsync(Cancel);
        (await FinishAsync(reading)).RefreshToken.Reveal().ShouldBe("hush-two");
    }

    [Fact]
    public async Task A_file_overwritten_in_place_is_not_taken_as_a_mixture_of_old_and_new()
    {
        Write("one");
        await ReadAsync();
        // The client secret already new, the refresh token still old: whole JSON, and wrong.
        File.WriteAllText(Path, Json("one").Replace("hush-one-client", "hush-two-client", StringComparison.Ordinal));
        var reading = _source.ReadAsync(Cancel);
        Write("two");
        var read = await FinishAsync(reading);
        (read.ClientSecret.Reveal(), read.RefreshToken.Reveal()).ShouldBe(("hush-two-client", "hush-two"));
    }

    [Fact]
    public async Task A_file_that_stays_malformed_is_told_without_quoting_it()
    {
        File.WriteAllText(Path, "hush");
        var failure = await FailAsync();
        failure.State.ShouldBe(CredentialState.Malformed);
        failure.ToString().ShouldNotContain("hush");
    }

    [Fact]
    public async Task A_file_of_another_kind_or_size_is_told()
    {
        File.WriteAllText(Path, """{"kind":"password"}""");
        (await FailAsync()).State.ShouldBe(CredentialState.WrongKind);
        File.WriteAllText(Path, new string('h', 30_000));
        (await FailAsync()).State.ShouldBe(CredentialState.TooLarge);
    }

    [Fact]
    public async Task A_file_that_vanishes_for_a_moment_was_not_deleted_and_one_that_stays_away_was()
    {
        (await FailAsync()).State.ShouldBe(CredentialState.Missing, "it never was there");
        Write("one");
        await ReadAsync();
        File.Delete(Path);
        (await FailAsync()).State.ShouldBe(CredentialState.Unreachable);
        _clock.Advance(TimeSpan.FromSeconds(4));
        (await FailAsync()).State.ShouldBe(CredentialState.Unreachable);
        Write("one");
        await ReadAsync();
        File.Delete(Path);
        (await FailAsync()).State.ShouldBe(CredentialState.Unreachable, "the time begins anew");
        _clock.Advance(FileSource.Gone);
        (await FailAsync()).State.ShouldBe(CredentialState.Missing);
    }

    [Fact]
    public async Task Kubernetes_way_of_replacing_a_whole_folder_by_a_link_is_followed()
    {
        // As kubelet does it: credential.json -> ..data/credential.json, ..data -> a folder with a time in its name.
        var (first, second) = (_folder.CreateSubdirectory("..2026_07_01"), _folder.CreateSubdirectory("..2026_07_02"));
        File.WriteAllText(System.IO.Path.Combine(first.FullName, "credential.json"), Json("one"));
        File.WriteAllText(System.IO.Path.Combine(second.FullName, "credential.json"), Json("two"));
        var data = System.IO.Path.Combine(_folder.FullName, "..data");
        File.CreateSymbolicLink(data, first.Name);
        File.CreateSymbolicLink(Path, "..data/credential.json");
        (await ReadAsync()).RefreshToken.Reveal().ShouldBe("hush-one");

        File.CreateSymbolicLink(data + "_tmp", second.Name);
        await RenameAsync(data + "_tmp", data);
        first.Delete(recursive: true);
        (await ReadAsync()).RefreshToken.Reveal().ShouldBe("hush-two");

        File.Delete(data);
        (await FailAsync()).State.ShouldBe(CredentialState.Unreachable, "a link into nothing is a moment of the same");
    }

    [Theory]
    [InlineData(0b110_000_000, false)]
    [InlineData(0b110_100_000, false)]
    [InlineData(0b110_100_100, true)]
    [InlineData(0b110_000_010, true)]
    public async Task A_file_that_others_can_reach_is_warned_of_once(int mode, bool warned)
    {
        Write("one");
        var target = Path + ".target";
        File.Move(Path, target);
        // Links have a mode of their own, open to all; it means nothing.
        File.CreateSymbolicLink(Path, target);
        File.SetUnixFileMode(target, (UnixFileMode)mode);
        await ReadAsync();
        await ReadAsync();
        _log.Warnings.Count().ShouldBe(warned ? 1 : 0);
        if (!warned) return;
        _log.Warnings.Single().ShouldContain($"mode {Convert.ToString(mode, 8).PadLeft(4, '0')}");
        File.SetUnixFileMode(target, UnixFileMode.UserRead);
        await ReadAsync();
        File.SetUnixFileMode(target, (UnixFileMode)mode);
        await ReadAsync();
        _log.Warnings.Count().ShouldBe(2, "it was mended and broken again");
    }

    // .NET's own refuses to replace a link that leads to a folder.
    private static async Task RenameAsync(string from, string to)
    {
        using var rename = Process.Start("mv", ["-T", from, to]);
        await rename.WaitForExitAsync(Cancel);
        rename.ExitCode.ShouldBe(0);
    }

    private static string Json(string token) => $$"""
        {"kind":"cloud","client_id":"1000.A","client_secret":"hush-{{token}}-client","refresh_token":"hush-{{token}}","accounts_url":"https://accounts.zoho.eu",
         "base_url":"https://desk.example.com","portal":"itdesk","technician_email":"anna@example.com"}
        """;

    private void Write(string token)
    {
        File.WriteAllText(Path, Json(token));
        File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private Task<CloudCredential> ReadAsync() => FinishAsync(_source.ReadAsync(Cancel));

    private Task<CredentialException> FailAsync() => Should.ThrowAsync<CredentialException>(ReadAsync);

    private async Task<CloudCredential> FinishAsync(Task<Credential> reading)
    {
        while (!reading.IsCompleted)
        {
            await Task.WhenAny(reading, Task.Delay(5, Cancel));
            // Only as much as it waits for: what stays away too long is another matter.
            if (!reading.IsCompleted) _clock.Advance(TimeSpan.FromMilliseconds(50));
        }

        return (CloudCredential)await reading;
    }

    // Tells when somebody begins to wait.
    private sealed class WaitingClock : FakeTimeProvider
    {
        public Action? Waiting { get; set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Waiting?.Invoke();
            return base.CreateTimer(callback, state, dueTime, period);
        }
    }
}
