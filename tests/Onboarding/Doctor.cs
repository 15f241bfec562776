using System.Text.Json;
using Sidecar.Broker.Credentials;
using Sidecar.Broker.Onboarding;
using Sidecar.Broker.Onboarding.Vault;
using Sidecar.Simulator;

namespace Sidecar.Tests.Onboarding;

/// <summary>Users with a secret as <c>broker onboard</c> leaves it, and what <c>broker verify</c> finds about them.</summary>
internal static class Doctor
{
    /// <summary>A technician whose credential works, in the vault.</summary>
    /// <param name="desk">Where.</param>
    /// <param name="scopes">Scopes of the grant; null: all.</param>
    /// <param name="toolsets">What was wanted, comma separated; empty: all.</param>
    /// <param name="change">What is wrong with the credential.</param>
    /// <param name="email">Whose secret it is; null: the credential's technician's.</param>
    public static SimulatedUser Onboarded(
        this Desk desk, IReadOnlyList<string>? scopes = null, string toolsets = "", Func<SimulatedCredential, SimulatedCredential>? change = null, string? email = null)
    {
        var user = desk.Simulator.AddUser(new UserWish { Scopes = scopes });
        var credential = change?.Invoke(user.Credential) ?? user.Credential;
        desk.KeepSecret(user.Credential.ClientSecret, user.Credential.RefreshToken, credential.ClientSecret, credential.RefreshToken);
        desk.Store(email ?? user.TechnicianEmail, credential.ToJson(), toolsets);
        return user with { Credential = credential };
    }

    /// <summary>The same on premises.</summary>
    public static SimulatedOnPremUser OnboardedOnPrem(this Desk desk, Func<SimulatedOnPremCredential, SimulatedOnPremCredential>? change = null)
    {
        var user = desk.Simulator.AddOnPremUser();
        var credential = change?.Invoke(user.Credential) ?? user.Credential;
        desk.KeepSecret(user.Credential.TechnicianKey, credential.TechnicianKey);
        desk.Store(user.TechnicianEmail, credential.ToJson());
        return user with { Credential = credential };
    }

    public static void Store(this Desk desk, string email, string json, string toolsets = "")
    {
        CredentialJson.TryParse(json, "", out var credential, out var problem).ShouldBeTrue(problem);
        var tags = new Dictionary<string, string>();
        var user = UserName.From(email)!;
        UserTags.For(user, credential, new AccessWish(toolsets.Split(',', StringSplitOptions.RemoveEmptyEntries), false), "tests").Write(tags);
        desk.Simulator.Vault.SetSecret(user.SecretName, json, UserVault.ContentType, tags);
    }

    /// <summary>What the vault says of the latest version of a user's secret.</summary>
    public static UserTags Tags(this Desk desk, string email) =>
        UserTags.Read(new Dictionary<string, string>(desk.Simulator.Vault.Versions(Desk.SecretName(email))[^1].Tags));

    public static async Task<Report> VerifyAsync(this Desk desk, string email, params string[] more)
    {
        var ran = await desk.RunAsync(["verify", email, "--json", .. more]);
        var json = ran.Output.Split('\n').FirstOrDefault(line => line.StartsWith('{')) ?? throw new InvalidOperationException($"There is no JSON in:\n{ran.Output}");
        return Report.Parse(ran.ExitCode, json, ran.Output);
    }
}

internal sealed record Found(string Check, string Verdict, string Text, string? Remedy);

internal sealed record Report(int ExitCode, bool Ok, string User, IReadOnlyList<Found> Findings, string Output)
{
    public static Report Parse(int exitCode, string json, string output)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        return new Report(
            exitCode,
            root.GetProperty("ok").GetBoolean(),
            root.GetProperty("user").GetString()!,
            [.. root.GetProperty("findings").EnumerateArray().Select(found => new Found(
                found.GetProperty("check").GetString()!, found.GetProperty("verdict").GetString()!, found.GetProperty("text").GetString()!, found.GetProperty("remedy").GetString()))],
            output);
    }

    public IEnumerable<string> Bad => Findings.Where(found => found.Verdict == "bad").Select(found => found.Check);

    public Found this[string check] => Findings.Single(found => found.Check == check);

    /// <summary>One thing is wrong, and it is told as that.</summary>
    public void ShouldFail(string check, string text, string remedy)
    {
        (ExitCode, Ok).ShouldBe((1, false), Output);
        Bad.ShouldBe([check], Output);
        var found = Findings.Single(found => found.Verdict == "bad");
        found.Text.ShouldContain(text);
        found.Remedy.ShouldNotBeNull().ShouldContain(remedy);
    }

    /// <summary>Nothing is wrong.</summary>
    public void ShouldBeWell()
    {
        Bad.ShouldBeEmpty(Output);
        (ExitCode, Ok).ShouldBe((0, true), Output);
    }
}
