namespace Sidecar.Simulator.Sdp.Seeding;

/// <summary>A subject with the category it belongs to and what the requester wrote.</summary>
internal sealed record TicketText(string Subject, string Category, string Subcategory, string Body);

internal static class TicketTexts
{
    public static IReadOnlyList<TicketText> It { get; } =
    [
        new("VPN drops every few minutes", "Network", "VPN", "Since this morning the VPN client disconnects about every five minutes. I am working from home."),
        new("Printer on the 3rd floor is jammed", "Hardware", "Printer", "The big printer next to the kitchen shows <b>paper jam in tray 2</b>, but tray 2 is empty."),
        new("Cannot log in to ERP", "Software", "ERP", "ERP says my account is locked. I did change my password yesterday &amp; it worked once."),
        new("Laptop battery swollen", "Hardware", "Laptop", "The touchpad of my laptop is lifted. I think the battery is swollen and have switched it off."),
        new("New starter on Monday needs an account", "User Administration", "New account", "Please create mail and ERP accounts for our new colleague who starts on Monday."),
        new("Wi-Fi very slow in meeting room Oslo", "Network", "Wi-Fi", "Video calls freeze in room <i>Oslo</i>; in the corridor it is fine."),
        new("Access to finance share", "User Administration", "Permissions", "I moved to Finance and need to read <code>\\\\files\\finance</code>. My manager agrees."),
        new("Outlook keeps asking for my password", "Software", "E-mail", "Outlook asks for the password every ten minutes. Cancel works, and mail still arrives."),
        new("Password reset", "User Administration", "Password Reset", "I am locked out after my holiday."),
        new("Desk phone has no dial tone", "Hardware", "Phone", "Extension 512 is dead since the move."),
        new("Internal site not found", "Network", "DNS", "intranet.example.com cannot be resolved from the Madrid office."),
        new("Report runs for an hour", "Software", "ERP", "The month-end report used to take two minutes.<br/>Now it takes an hour."),
        new("Browser shows certificate warning", "Software", "Browser", "The time sheet page says the certificate has expired."),
        new("Second monitor stays black", "Hardware", "Laptop", "After the last update my second monitor is black when docked."),
    ];

    public static IReadOnlyList<TicketText> Hr { get; } =
    [
        new("Payslip for last month is missing", "Payroll", "Payslip", "I cannot find my payslip in the portal."),
        new("Parental leave: which form?", "Leave", "Parental leave", "Which form do I need, and by when?"),
        new("Annual leave balance looks wrong", "Leave", "Annual leave", "The portal shows three days less than I counted."),
        new("Bonus was paid twice", "Payroll", "Bonus", "I believe that my bonus was paid twice. Please check."),
    ];

    public static IReadOnlyList<string> Notes { get; } =
    [
        "<div>Called the user, no answer. Will try again tomorrow.</div>",
        "<div>Reproduced on a test machine. <b>Driver 4.2</b> is the culprit.</div>",
        "<div>Waiting for the spare part.<br/>Order number <i>PO-7781</i>.</div>",
        "<p>Checked the logs: <code>0x80070005</code>, a permission problem.</p>",
        "<div>User confirms that it works again &ndash; will close on Friday.</div>",
    ];

    public static IReadOnlyList<string> Replies { get; } =
    [
        "<div>Hello,<br/><br/>thank you for your message. We are looking into it.<br/><br/>Kind regards<br/>Service Desk</div>",
        "<div>Could you tell us the <b>exact</b> error message, please?</div>",
        "<div>We have changed a setting. Please restart and try again.</div>",
    ];

    public static IReadOnlyList<string> Answers { get; } =
    [
        "<div>Hi, it still happens.<br><blockquote>We have changed a setting.</blockquote></div>",
        "<div dir=\"ltr\">Thanks, that helped!</div>",
        "<div>The message is: <pre>Error 691: access denied</pre></div>",
    ];

    public static IReadOnlyList<string> Resolutions { get; } =
    [
        "<div>Replaced the part and tested with the user.</div>",
        "<div>Unlocked the account and reset the password.</div>",
        "<div>Rolled back the driver.</div>",
    ];
}
