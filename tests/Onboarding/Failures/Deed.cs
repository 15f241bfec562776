using Sidecar.Tests.Onboarding.BulkTests;
using static Sidecar.Tests.Onboarding.Failures.Call;

namespace Sidecar.Tests.Onboarding.Failures;

/// <summary>One command as somebody gives it, and every call that it makes if all goes well.</summary>
/// <param name="Name">What the document calls it.</param>
/// <param name="Calls">In order; a test holds it against what the simulator sees.</param>
internal sealed record Deed(string Name, params IReadOnlyList<Call> Calls)
{
    /// <summary>Sets the scene that the command meets.</summary>
    public required Action<Scene> Prepare { get; init; }

    /// <summary>The command line but for the vault, and what is typed.</summary>
    public required Func<Scene, (string[] Arguments, string Input)> Words { get; init; }

    /// <summary>What keeps the goal from being reached, given how many grants may be left over.</summary>
    public Func<Scene, int, IEnumerable<string>> Missing { get; init; } = (scene, stray) => scene.NotInPlace(stray);

    /// <summary>True for a command that works on a list, and tells of each row.</summary>
    public bool IsList { get; init; }

    /// <summary>True for a command that is to change nothing but the tag "verified", whatever happens.</summary>
    public bool OnlyLooks { get; init; }

    public static readonly IReadOnlyList<Deed> All =
    [
        new(
            "onboard, with a code of the console",
            Challenge, SignIn, Read, ReadDeleted, Exchange, Refresh, Owner, Requests, Read, ReadDeleted, Write, ReadBack)
        {
            Prepare = scene => scene.AddPerson(),
            Words = scene => (["onboard", scene.User, .. scene.Desk.Place, .. Scene.Access, "--grant", "SelfClient", "--client-id", scene.ClientId, "--users", scene.Desk.Overlays], scene.Typed()),
        },
        new(
            "onboard, with a credential at hand",
            Challenge, SignIn, Read, ReadDeleted, Refresh, Owner, Requests, Read, ReadDeleted, Write, ReadBack)
        {
            Prepare = scene => scene.Add(scene.Desk.Simulator.AddUser()),
            Words = scene => (["onboard", scene.User, "--credential", "-", .. Scene.Access, "--users", scene.Desk.Overlays], scene.Credential()),
        },
        new(
            "rotate",
            Challenge, SignIn, Read, Exchange, Refresh, Owner, Requests, Read, Write, ReadBack, Read, Versions, ReadVersion, Revoke, SwitchOff, Tag)
        {
            Prepare = scene => scene.Onboard(scene.Desk.Simulator.AddUser()),
            Words = scene => (["rotate", scene.User, "--grant", "SelfClient", "--grace", "0"], scene.Typed()),
        },
        new(
            "offboard",
            Challenge, SignIn, Read, Versions, ReadVersion, Revoke, SwitchOff, Delete, ReadBack, ReadDeleted)
        {
            Prepare = scene => scene.Onboard(scene.Desk.Simulator.AddUser()),
            Words = scene => (["offboard", scene.User, "--yes", "--users", scene.Desk.Overlays], ""),
            Missing = (scene, _) => scene.NotGone(),
        },
        new("verify", Challenge, SignIn, Read, Refresh, Owner, Requests, Tag)
        {
            Prepare = scene => scene.Onboard(scene.Desk.Simulator.AddUser()),
            Words = scene => (["verify", scene.User], ""),
            OnlyLooks = true,
        },
        new("list", ListChallenge, SignIn, List, Versions)
        {
            Prepare = scene => scene.Onboard(scene.Desk.Simulator.AddUser()),
            Words = _ => (["list"], ""),
            OnlyLooks = true,
        },
        new(
            "onboard, a list of two",
            Challenge, SignIn, Read, ReadDeleted, Refresh, Owner, Requests, Read, ReadDeleted, Write, ReadBack,
            Read, ReadDeleted, Refresh, Owner, Requests, Read, ReadDeleted, Write, ReadBack)
        {
            Prepare = scene => scene.AddList(2),
            Words = scene => (scene.Desk.Onboard(scene.Desk.Stage.Folder.File("users.csv"), [.. Scene.Access, "--parallel", "1"]), ""),
            IsList = true,
        },
    ];
}
