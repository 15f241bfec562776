using System.CommandLine;
using System.CommandLine.Parsing;
using System.Security.Cryptography;
using Sidecar.Broker.Credentials;
using Sidecar.Broker.Hosting;
using Sidecar.Broker.Tls;
using Sidecar.Contract;

namespace Sidecar.Broker.Onboarding;

/// <summary>
/// Arguments and options that several commands share. What is wrong with them is told at once, all of it, before anything
/// is done.
/// </summary>
internal static class CommonOptions
{
    public static Argument<UserName> User() => new("USER")
    {
        Description = "E-mail address of the technician.",
        CustomParser = result => Parsed(result, UserName.From(result.Tokens[0].Value), "is not an e-mail address"),
    };

    public static Option<Uri> Vault() => new("--vault")
    {
        Description = "The Key Vault, such as https://my-vault.vault.azure.net. Default: the setting Credential__VaultUri.",
        HelpName = "URL",
        DefaultValueFactory = result => Https(Setting(result, "Credential:VaultUri")) ?? Missing(result, "Which Key Vault? Give --vault https://NAME.vault.azure.net."),
        CustomParser = result => Parsed(result, Https(result.Tokens[0].Value), "is not the https URL of a server"),
    };

    public static Option<AzureIdentityKind> Identity() => new("--identity")
    {
        Description = "How you sign in to Azure: AzureCli (az login), AzurePowerShell, WorkloadIdentity, ManagedIdentity or Environment.",
        HelpName = "WAY",
        DefaultValueFactory = _ => AzureIdentityKind.AzureCli,
    };

    public static Option<string?> CaFile()
    {
        var option = new Option<string?>("--ca-file")
        {
            Description = "PEM file of certificate authorities to trust beside the system's. Default: the setting Tls__CaFile.",
            HelpName = "FILE",
            DefaultValueFactory = result => Setting(result, "Tls:CaFile"),
        };
        option.Validators.Add(Readable);
        return option;
    }

    private static void Readable(OptionResult result)
    {
        if (result.GetValueOrDefault<string?>() is not { } file) return;
        try
        {
            if (OutboundHandlers.ReadCertificates(file).Count == 0) result.AddError($"--ca-file: {file} holds no certificate in PEM.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            result.AddError($"--ca-file: {file} cannot be read as certificates in PEM.");
        }
    }

    private static string? Setting(ArgumentResult result, string key)
    {
        try
        {
            return BrokerServer.Configuration()[key];
        }
        catch (Exception exception) when (exception is InvalidDataException or FormatException)
        {
            result.AddError("appsettings.json in this folder cannot be read.");
            return null;
        }
    }

    public static Option<int> Timeout()
    {
        var option = new Option<int>("--timeout") { Description = "Longest wait for one answer, in seconds.", HelpName = "SECONDS", DefaultValueFactory = _ => 20 };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.GetValueOrDefault<int>() is < 1 or > 600) result.AddError("--timeout is not between 1 and 600 seconds.");
        });
        return option;
    }

    public static Option<string[]> Toolsets()
    {
        var option = new Option<string[]>("--toolsets")
        {
            Description = $"Toolsets that the user's tools come from, comma separated: {string.Join(", ", Catalog.Current.Toolsets)}. Default: all.",
            HelpName = "NAMES",
            CustomParser = result => [.. result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Distinct().Order(StringComparer.Ordinal)],
            DefaultValueFactory = _ => [],
        };
        option.Validators.Add(result =>
        {
            foreach (var unknown in result.GetValueOrDefault<string[]>()?.Where(name => !Catalog.Current.Toolsets.Contains(name)) ?? [])
                result.AddError($"There is no toolset \"{unknown}\". Known: {string.Join(", ", Catalog.Current.Toolsets)}.");
        });
        return option;
    }

    public static Option<bool> ReadOnly() => new("--read-only") { Description = "Only what changes nothing: fewer scopes, fewer tools." };

    public static Option<bool> Yes() => new("--yes", "-y") { Description = "Answer yes to every question: for automation." };

    public static Option<bool> DryRun() => new("--dry-run") { Description = "Change nothing and ask nobody for consent; say what would be done." };

    public static Option<bool> Json() => new("--json") { Description = "Write the result to standard output as JSON, and words to standard error." };

    public static Option<DirectoryInfo> Overlays() => new("--users")
    {
        Description = "Folder of the users' Kubernetes overlays.",
        HelpName = "FOLDER",
        DefaultValueFactory = _ => DefaultOverlays,
    };

    public static DirectoryInfo DefaultOverlays => new(Path.Combine("k8s", "users"));

    public static Surroundings Surroundings(ParseResult parsed, Option<AzureIdentityKind> identity, Option<string?> caFile, Option<int> timeout) =>
        new(parsed.GetValue(identity), parsed.GetValue(caFile), TimeSpan.FromSeconds(parsed.GetValue(timeout)));

    /// <summary>The https URL of a server, without a path; null if the text is none.</summary>
    public static Uri? Https(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttps && url.UserInfo.Length == 0 && url.PathAndQuery == "/" ? url : null;

    public static T Parsed<T>(ArgumentResult result, T? value, string problem) where T : class
    {
        if (value is null) result.AddError($"\"{result.Tokens[0].Value}\" {problem}.");
        return value!;
    }

    private static Uri Missing(ArgumentResult result, string problem)
    {
        result.AddError(problem);
        return null!;
    }
}
