using System.Net;

namespace Sidecar.Simulator.Control;

/// <summary>The page that a person sees first.</summary>
internal static class ControlPage
{
    private static readonly (string Call, string Meaning)[] Calls =
    [
        ("GET /_sim/health", "answers when all services are up"),
        ("POST /_sim/users", "{email?, portal?, scopes?, client_id?, secret?}: credentials for a seeded technician, with a workload identity; of portal premises, with a technician key; secret: keep them in the vault under that name"),
        ("POST /_sim/users/bulk", "{count, portal?, scopes?}: the same for many technicians, one each; the portal gets as many"),
        ("POST /_sim/identities", "an identity without a user, for an operator: federated token and client secret"),
        ("POST /_sim/clients", "{kind: server|self, name?, redirect_uris?, portal?, email?}: registers a client, as in Zoho's API console"),
        ("POST /_sim/clients/{id}/codes", "{scopes, email?, minutes? (3 to 10)}: a code of a self client, as the console's Generate Code gives"),
        ("POST /_sim/entra/tokens",
            "{audience, principal_name?, scope?, upn_claim?, lifetime_seconds?, kind?}: an access token as a person's client gets it; kind: good, version1, other_tenant, "
            + "other_audience, expired, not_yet_valid, other_user, guest, app_only, id_token, wrong_scope, alg_none, hs256, unknown_key, kid_of_another, tampered"),
        ("GET|POST /_sim/entra/keys", "the tenant and the keys that sign its tokens, the last one now; POST rolls over to another. DELETE …/{kid} takes one back"),
        ("PUT /_sim/vault/secrets/{name}", "{value, content_type?, tags?, readers?, enabled?}: puts a secret into the vault"),
        ("PATCH /_sim/vault/secrets/{name}", "{enabled?, deleted?, readers?}: disables, deletes or recovers a secret, or says whose it is"),
        ("GET|PUT /_sim/vault/roles", "{client_id, roles: [{role: officer|user, secret?}]}: all that an identity may do; with the first one, nobody may by default"),
        ("GET|PATCH /_sim/vault", "how Key Vault behaves: calls and creates in a window, Retry-After, purge protection, how long deleting and recovering take"),
        ("GET|PATCH /_sim/instances/{portal}", "how the portal behaves; GET …/technicians lists who can be a user"),
        ("GET|PATCH /_sim/accounts", "how Zoho accounts behaves: limits, lifetimes, throttle body, revocation path, loopback ports"),
        ("GET|POST|DELETE /_sim/faults",
            "{service, method?, path? (regex), times?, skip?, after?, kind, status?, body?, content_type?, headers?, delay_ms?, size?}; kind: status, body, "
            + "html, refuse, reset, reset_after_headers, truncate, hang, delay, drip, garbage, "
            + "reset_after_body, mislabelled, huge, late, expired_certificate"),
        ("GET|DELETE /_sim/journal?since=N", "every request, without credentials"),
        ("GET /_sim/outbox", "mails that would have been sent"),
        ("GET|POST /_sim/clock", "{advance_seconds}: moves time forward"),
        ("GET /_sim/tokens/refresh", "refresh tokens by technician, by number and without their values: which are live, which were revoked"),
        ("POST /_sim/tokens/expire", "ends all access tokens"),
        ("POST /_sim/tokens/revoke", "revokes all refresh tokens"),
        ("POST /_sim/reset", "everything as at the start"),
    ];

    public static string Html(World world)
    {
        var urls = world.Urls!;
        var services = new[] { ("Zoho accounts", urls.Accounts), ("ServiceDesk Plus", urls.Sdp), ("Key Vault", urls.Vault), ("Entra", urls.Entra) };
        var rows = string.Concat(services.Select(service => $"<tr><td>{service.Item1}</td><td><code>{service.Item2.OriginalString}</code></td></tr>"));
        var calls = string.Concat(Calls.Select(call => $"<tr><td><code>{WebUtility.HtmlEncode(call.Call)}</code></td><td>{WebUtility.HtmlEncode(call.Meaning)}</td></tr>"));
        return $$"""
            <!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Simulator</title>
            <style>body{font:15px/1.5 system-ui;margin:2rem auto;max-width:60rem}td{padding:.2rem .8rem .2rem 0;vertical-align:top}</style></head>
            <body><h1>Simulator</h1><p>Plays the services below. Every credential it gives out is fake and random.</p>
            <table>{{rows}}</table><p>Portals: {{string.Join(", ", world.Instances.Keys)}}.</p><h2>Control</h2><table>{{calls}}</table></body></html>
            """;
    }
}
