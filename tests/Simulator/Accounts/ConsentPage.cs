using System.Net;
using Sidecar.Simulator.Hosting;

namespace Sidecar.Simulator.Accounts;

/// <summary>What a person sees at the authorization endpoint. No script: a browser, a test and a reader see the same.</summary>
internal static class ConsentPage
{
    private const string Style = """
        *{box-sizing:border-box}
        body{margin:0;min-height:100vh;display:flex;align-items:center;justify-content:center;background:#eef1f6;color:#1d2433;
          font:15px/1.5 system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
        main{width:min(30rem,calc(100vw - 2rem));margin:2rem 0;padding:2rem;background:#fff;border-radius:12px;
          box-shadow:0 1px 3px #1d243322,0 12px 32px #1d24331a}
        .brand{display:flex;align-items:center;gap:.6rem;margin-bottom:1.5rem;color:#5b6577;font-size:.85rem}
        .brand i{width:1.6rem;height:1.6rem;border-radius:6px;background:linear-gradient(135deg,#e42527 50%,#089949 50%)}
        h1{margin:0 0 .5rem;font-size:1.3rem;line-height:1.3}
        p{margin:0 0 1rem;color:#454f61}
        label{display:block;margin:1.25rem 0 .35rem;font-weight:600}
        select{width:100%;padding:.6rem .7rem;border:1px solid #c3cad6;border-radius:8px;background:#fff;color:inherit;font:inherit}
        ul{max-height:17rem;overflow:auto;margin:0;padding:.4rem .9rem;border:1px solid #e1e5ec;border-radius:8px;list-style:none}
        li{padding:.45rem 0;border-bottom:1px solid #eef1f6}li:last-child{border:0}
        li b{display:block;font-weight:600}code{color:#5b6577;font-size:.82rem;overflow-wrap:anywhere}
        .buttons{display:flex;gap:.75rem;margin-top:1.5rem}
        button{flex:1;padding:.7rem;border:1px solid #c3cad6;border-radius:8px;background:#fff;color:inherit;font:inherit;font-weight:600;cursor:pointer}
        #accept{border-color:#0b63ce;background:#0b63ce;color:#fff}
        footer{margin-top:1.25rem;color:#5b6577;font-size:.8rem}
        """;

    public static Answer Ask(string ticket, ConsentDesk.Asked asked, Instance instance)
    {
        var scopes = string.Concat(asked.Scopes.Select(scope => $"<li><b>{Text(Meaning(scope))}</b><code>{Text(scope)}</code></li>"));
        var technicians = string.Concat(instance.Table("technicians").Rows.Select(row => Option((string)row["email_id"]!, (string)row["name"]!, asked.Client.Email)));
        var lasts = asked.Offline ? "It may do so until you revoke it, also while you are not signed in." : "It may do so for an hour.";
        return Page($"Allow {asked.Client.Name}?", $"""
            <h1><span id="client">{Text(asked.Client.Name)}</span> would like to act for you in {Text(instance.Name)}</h1>
            <p>{lasts}</p>
            <form method="post" action="{ConsentDesk.Decided}">
            <input type="hidden" name="ticket" value="{ticket}">
            <label for="technician">Signed in as</label>
            <select id="technician" name="technician">{technicians}</select>
            <label id="wants">It asks to</label>
            <ul id="scopes" aria-labelledby="wants">{scopes}</ul>
            <div class="buttons"><button id="reject" name="decision" value="reject">Reject</button>
            <button id="accept" name="decision" value="accept">Accept</button></div>
            </form>
            <footer>You will be sent to {Text(new Uri(asked.RedirectUri).Authority)}.</footer>
            """, 200);
    }

    public static Answer Error(string title, string text) =>
        Page(title, $"""<h1 id="error">{Text(title)}</h1><p>{Text(text)}</p><footer>Nothing was granted.</footer>""", 400);

    private static string Option(string email, string name, string selected) =>
        $"<option value=\"{Text(email)}\"{(email == selected ? " selected" : "")}>{Text($"{name} ({email})")}</option>";

    private static string Meaning(string scope)
    {
        var parts = scope.Split('.');
        if (parts[0] != "SDPOnDemand")
            return "See your name and e-mail address";
        var verb = parts[2].ToUpperInvariant() switch
        {
            "READ" => "See",
            "CREATE" => "Add",
            "UPDATE" => "Edit",
            "DELETE" => "Delete",
            _ => "See, add, edit and delete",
        };
        return $"{verb} {parts[1]}";
    }

    private static Answer Page(string title, string body, int status) => Answer.Html(
        $"""
        <!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
        <title>{Text(title)}</title><style>{Style}</style></head>
        <body><main><div class="brand"><i></i>Zoho Accounts, simulated</div>{body}</main></body></html>
        """,
        status);

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
