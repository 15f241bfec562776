using System.Security.Cryptography;
using Shouldly;
using Sidecar.Broker.Credentials;
using Sidecar.Broker.Onboarding;
using Sidecar.Broker.Onboarding.Bulk;
using Xunit;

namespace Sidecar.Tests.Unit.Broker.Bulk;

/// <summary>A file of users is read whole or refused, and a bad row is told without its cells.</summary>
public sealed class UserListTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();
    private readonly string _secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(21));

    public void Dispose() => File.Delete(_file);

    private async Task<IReadOnlyList<BulkRow>> Read(string text, AccessWish? byDefault = null, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite)
    {
        await File.WriteAllTextAsync(_file, text);
        File.SetUnixFileMode(_file, mode);
        return await UserList.ReadAsync(_file, byDefault ?? new AccessWish([], false), TestContext.Current.CancellationToken);
    }

    private async Task<string> Refusal(string text, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite)
    {
        var message = (await Should.ThrowAsync<CommandFailure>(() => Read(text, mode: mode))).Message;
        message.ShouldNotContain(_secret);
        return message;
    }

    private async Task<string> Problem(string row)
    {
        var read = (await Read($"user,dc,client_id,client_secret,refresh_token,toolsets,read_only,kind\n{row}\n")).ShouldHaveSingleItem();
        read.IsGood.ShouldBeFalse();
        read.Problem.ShouldNotContain(_secret);
        return read.Problem;
    }

    [Fact]
    public async Task A_row_is_a_credential_under_the_rules_of_every_credential()
    {
        var rows = await Read(
            $"""
            user,kind,dc,client_id,client_secret,refresh_token,base_url,portal,technician_key,toolsets,read_only
            Anna@Example.com,cloud,eu,1000.A,{_secret},1000.r,,itdesk,,"requests,people",true
            bob@example.com,on_prem,,,,,https://sdp.example.com,,{_secret},,
            """,
            new AccessWish(["setup"], false));
        rows.ShouldAllBe(row => row.IsGood);
        var anna = rows[0].Credential.ShouldBeOfType<CloudCredential>();
        (rows[0].User!.Email, anna.TechnicianEmail, anna.AccountsUrl.Host, anna.BaseUrl.Host, anna.Portal).ShouldBe(
            ("anna@example.com", "anna@example.com", "accounts.zoho.eu", "sdpondemand.manageengine.eu", "itdesk"));
        rows[0].Wish.Toolsets.ShouldBe(["people", "requests"]);
        rows[0].Wish.ReadOnly.ShouldBeTrue();
        rows[1].Credential.ShouldBeOfType<OnPremCredential>().TechnicianKey.Reveal().ShouldBe(_secret);
        rows[1].Wish.Toolsets.ShouldBe(["setup"], "what the command line says");
    }

    [Fact]
    public async Task What_a_column_says_counts_more_than_the_data_centre()
    {
        var row = (await Read($"user,dc,client_id,client_secret,refresh_token,base_url\na@example.com,eu,1000.A,{_secret},r,https://help.example.com\n")).Single();
        row.Credential.ShouldBeOfType<CloudCredential>().BaseUrl.Host.ShouldBe("help.example.com");
    }

    [Fact]
    public async Task All_that_is_wrong_with_the_file_is_told_at_once()
    {
        var refusal = await Refusal("usr,client_id,client_id,password\n", UnixFileMode.UserRead | UnixFileMode.GroupRead);
        foreach (var part in new[] { "chmod 600", "no rows", "no column user", "no column client_secret or technician_key", "\"usr\"", "\"password\"", "\"client_id\" twice" }) refusal.ShouldContain(part);
    }

    [Fact]
    public async Task Without_a_header_nothing_of_the_first_user_is_shown()
    {
        var refusal = await Refusal($"anna@example.com,1000.A,{_secret},1000.{_secret}\nbob@example.com,1000.B,x,y\n");
        refusal.ShouldContain("one of its columns");
        refusal.ShouldNotContain("anna");
    }

    [Fact]
    public async Task A_file_that_breaks_off_within_quotes_is_refused() => (await Refusal($"user,client_secret\na@example.com,\"{_secret}\n")).ShouldContain("never closed");

    [Fact]
    public async Task A_file_that_is_not_there_or_not_text_is_refused()
    {
        (await Should.ThrowAsync<CommandFailure>(() => UserList.ReadAsync(_file + ".none", new AccessWish([], false), default))).Message.ShouldContain("cannot be read");
        await File.WriteAllBytesAsync(_file, [0x75, 0xFF, 0xFE, 0x00], TestContext.Current.CancellationToken);
        File.SetUnixFileMode(_file, UnixFileMode.UserRead);
        (await Should.ThrowAsync<CommandFailure>(() => UserList.ReadAsync(_file, new AccessWish([], false), default))).Message.ShouldContain("not UTF-8");
    }

    [Fact]
    public async Task A_bad_row_says_all_that_is_wrong_and_quotes_nothing()
    {
        (await Problem($"anna@example.com,eu,1000.A,{_secret},,,,")).ShouldContain("\"refresh_token\" is missing");
        (await Problem($"{_secret},{_secret},,{_secret},,{_secret},{_secret},{_secret}")).ShouldSatisfyAllConditions(
            problem => problem.ShouldContain("\"user\" is not an e-mail address"),
            problem => problem.ShouldContain("\"dc\" is none of us, eu"),
            problem => problem.ShouldContain("\"kind\" is neither"),
            problem => problem.ShouldContain("\"toolsets\" names one that there is not"),
            problem => problem.ShouldContain("\"read_only\" is neither true nor false"));
        (await Problem($"anna@example.com,eu,1000.A,{_secret},r,,,,,")).ShouldContain("10 fields");
        (await Problem($"anna@example.com,eu,1000.A,{_secret}\"x,r,,,")).ShouldContain("quote");
    }

    [Fact]
    public async Task The_second_row_of_a_user_is_a_bad_one()
    {
        var rows = await Read($"user,dc,client_id,client_secret,refresh_token\nanna@example.com,eu,1000.A,{_secret},r\nANNA@example.com ,eu,1000.A,{_secret},other\n");
        rows.Select(row => row.IsGood).ShouldBe([true, false]);
        rows[1].Problem!.ShouldContain("at line 2");
    }
}
