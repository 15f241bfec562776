using System.CommandLine;

namespace Sidecar.Broker.Onboarding;

internal static class OnboardingSetup
{
    /// <summary>The commands that own a user's life, from the first grant to the last revocation.</summary>
    public static IEnumerable<Command> Commands() => [OnboardCommand.Create(), VerifyCommand.Create(), ListCommand.Create()];
}
