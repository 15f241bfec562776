using Sidecar.Scale.Inputs;

namespace Sidecar.Scale.Model;

/// <summary>What Argo CD has to do after a commit that touches every user, as one to the base does.</summary>
internal sealed record GitOps(string Layout, int Applications, double RenderSeconds)
{
    public static GitOps OfUsers(int users, InputSet inputs) => new("one Application a user", users, users * inputs["git.render_user"] / inputs["argo.renders"]);

    public static GitOps OfGroups(int users, InputSet inputs)
    {
        var groups = (int)Math.Ceiling(users / inputs["git.group"]);
        return new($"one for {inputs["git.group"]:N0} users", groups, groups * inputs["git.render_group"] / inputs["argo.renders"]);
    }
}
