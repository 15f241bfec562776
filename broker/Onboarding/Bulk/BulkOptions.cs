using System.CommandLine;

namespace Sidecar.Broker.Onboarding.Bulk;

/// <summary>Options of <c>broker onboard</c> that are about a list of users.</summary>
internal static class BulkOptions
{
    private static readonly Option<string?> From = new("--from")
    {
        Description = $"Onboard all users of a CSV file that have credentials already, instead of one USER. Its first line names the columns: {string.Join(", ", BulkRow.Columns)}. Nobody but you may be able to read the file.",
        HelpName = "FILE",
    };

    private static readonly Option<int> Parallel = Number("--parallel", "With --from: users worked on at a time, 1 to 64.", 8, 64);

    private static readonly Option<string?> Report = new("--report")
    {
        Description = "With --from: a file for what became of each row: CSV, or JSON if its name ends in .json.",
        HelpName = "FILE",
    };

    private static readonly Option<bool> Replace = new("--replace") { Description = "With --from: put a row's credential in the place of another one that is there; the grant before is revoked." };

    private static readonly Option<bool> NoVerify = new("--no-verify") { Description = "With --from: store the credentials without trying them first." };

    /// <summary>Adds them to the command, whose user can then be left out.</summary>
    public static void AddTo(Command command, Argument<UserName> user)
    {
        user.Arity = ArgumentArity.ZeroOrOne;
        command.Validators.Add(result =>
        {
            var (isList, isUser) = (result.GetResult(From) is { Implicit: false }, result.GetResult(user) is { Tokens.Count: > 0 });
            if (isList && isUser) result.AddError("Give either USER or --from, not both.");
            if (!isList && !isUser) result.AddError("Whom? Give the USER's e-mail address, or a list of users with --from.");
            // An old list would put dead credentials over good ones.
            if (result.GetResult(Replace) is { Implicit: false } && result.GetResult(NoVerify) is { Implicit: false }) result.AddError("Give either --replace or --no-verify, not both.");
            if (result.GetValue(From) is "" || result.GetValue(Report) is "") result.AddError("--from and --report need the name of a file.");
            if (isList && result.GetValue(Report) is { Length: > 0 } report && Path.GetFullPath(report) == Path.GetFullPath(result.GetValue(From)!)) result.AddError("--report would overwrite the list.");
            foreach (var option in new Option[] { Parallel, Report, Replace, NoVerify })
                if (!isList && result.GetResult(option) is { Implicit: false }) result.AddError($"{option.Name} goes with --from.");
        });
        foreach (var option in new Option[] { From, Parallel, Report, Replace, NoVerify }) command.Add(option);
    }

    /// <summary>What the command line says about a list; null if it is about one user.</summary>
    public static BulkWish? TryGet(ParseResult parsed, DirectoryInfo overlays, AccessWish access, bool allowMismatch, bool dryRun) => parsed.GetValue(From) is { } list
        ? new BulkWish(list, parsed.GetValue(Parallel), parsed.GetValue(Report), !parsed.GetValue(NoVerify)) { Overlays = overlays, Access = access, AllowMismatch = allowMismatch, DryRun = dryRun, Replace = parsed.GetValue(Replace) }
        : null;

    private static Option<int> Number(string name, string description, int byDefault, int most)
    {
        var option = new Option<int>(name) { Description = description, HelpName = "COUNT", DefaultValueFactory = _ => byDefault };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && (result.GetValueOrDefault<int>() is var value) && (value < 1 || value > most)) result.AddError($"{name} is not between 1 and {most}.");
        });
        return option;
    }
}
