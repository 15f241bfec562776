using System.CommandLine;
using Sidecar.Shim.Access;

namespace Sidecar.Shim.Commands;

/// <summary><c>shim keygen</c>: a new API key, shown once; the shim is only ever given its digest.</summary>
internal static class KeygenCommand
{
    public static Command Create()
    {
        var name = new Option<string>("--name")
        {
            Description = "Who will use the key; shows up in the broker's audit.",
            DefaultValueFactory = _ => "client",
        };
        var command = new Command("keygen", "Print a new API key, its digest, and the settings that let its holder in.") { name };
        command.SetAction(parsed =>
        {
            var caller = parsed.GetValue(name)!;
            if (ApiKey.ProblemWithName(caller) is { } problem)
            {
                Console.Error.WriteLine($"--name {problem}");
                return ExitCode.Failed;
            }

            Console.Out.Write(Describe(ApiKey.Generate(), caller));
            return ExitCode.Done;
        });
        return command;
    }

    internal static string Describe(string key, string name) =>
        $"""
        API key, shown only here; give it to the client:
          {key}

        SHA-256 of the key:
          {ApiKey.DigestOf(key)}

        Settings of the shim:
          Shim__Access__ApiKeys__0__Sha256={ApiKey.DigestOf(key)}
          Shim__Access__ApiKeys__0__Name={name}

        """;
}
