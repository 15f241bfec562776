using Sidecar.Scale.Model;

namespace Sidecar.Scale.Page;

internal static class CellsSection
{
    public static void Write(Text text, Findings found)
    {
        var (inputs, cells) = (found.Inputs, found.CellsOf(found.Users));
        text.Heading("Cells: how to shard")
            .Paragraph("""
                A cell is a subscription, a vault in it, and a cluster with that vault's users. Cells share nothing: one that fails, or is rolled out first, is
                no other's trouble. A hash never spreads users evenly, so the fullest cell has to hold as well (four standard deviations).
                """)
            .Table(
                [">users", ">cells", ">users of the fullest", ">namespaces in it", ">Gateways", ">resource groups of identities", ">to create its identities, at least"],
                inputs.Users.Select(users => (Users: users, Cells: found.CellsOf(users))).Select(row => (string[])
                [
                    Say.Count(row.Users), Say.Count(row.Cells.Count), Say.Count(row.Cells.Users), Say.Count(row.Cells.Namespaces), Say.Count(row.Cells.Gateways),
                    Say.Count(row.Cells.ResourceGroups), Say.Time(row.Cells.Users / inputs["azure.identity_creates"] * inputs["azure.identity_window"]),
                ]))
            .List(
                """
                **Which cell**: the slug ends in digits of the address's SHA-256. Take them modulo the number of cells, once, when the user is onboarded, and give
                `broker onboard` that cell's vault:
                """)
            .Code("slug=ada-b5fc85e557", $"cell=$(( 16#${{slug##*-}} % {cells.Count} ))", "broker onboard ada@example.com --vault https://sdp-cell-$cell.vault.azure.net")
            .List(
                """
                **Where it is kept**: in the user's overlay, as the URI of the vault (`Credential__VaultUri`). Nothing computes the cell again, so a cell that is
                added takes new users and moves nobody. To move one, onboard them to the other vault with a grant of its own; then offboard them from the first, which revokes
                the first's.
                """,
                """
                **Folders**: one a cell, made as `k8s` is, with a base, a site and users of its own. An overlay's paths are relative, so what
                changes in one cell's base or site reaches that cell alone. A second namespace is a second folder beside `users`, whose ApplicationSet sets `source.kustomize.namespace`, and which the gateway's `allowedRoutes`
                and `ReferenceGrant` and a copy of `namespace.yaml` name too; the
                printed Azure commands have the namespace in a variable, for the federated credential names it.
                """,
                """
                **Not** one role on the vault for all pods: it would take one assignment, and let each pod read everybody's secret.
                """,
                """
                **Bulk**: `broker onboard --from FILE`, a file a cell. Azure's pace of new identities bounds it, see the last column.
                """);
    }
}
