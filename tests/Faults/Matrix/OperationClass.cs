using Sidecar.Simulator;

namespace Sidecar.Tests.Faults.Matrix;

/// <summary>What the operations of a class have in common, as far as faults go.</summary>
internal enum Kind
{
    /// <summary>Changes nothing.</summary>
    Reads,

    /// <summary>Makes something new: done twice, there are two.</summary>
    Adds,

    /// <summary>Brings a record into a state, which can be read afterwards.</summary>
    Sets,
}

/// <summary>A column of the matrix: one tool for all of its kind.</summary>
/// <param name="Name">Heading.</param>
/// <param name="Tool">The tool called.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Method">HTTP method of the call that matters.</param>
/// <param name="Path">End of its path, as a regular expression; {id} is the request's.</param>
/// <param name="Arguments">The tool's arguments for a request and words that are nowhere else.</param>
/// <param name="Count">How often those words were carried out on that request.</param>
internal sealed record OperationClass(
    string Name, string Tool, Kind Kind, string Method, string Path, Func<string, string, object> Arguments, Func<Instance, string, string, int> Count)
{
    public static readonly OperationClass Read = new(
        "read", "get_request", Kind.Reads, "GET", "/requests/{id}$",
        (id, _) => new { request_id = id },
        (_, _, _) => 0);

    public static readonly OperationClass Create = new(
        "create", "create_request", Kind.Adds, "POST", "/requests$",
        (_, words) => new { subject = words },
        (instance, _, words) => instance.Records("requests").Count(request => (string?)request["subject"] == words));

    public static readonly OperationClass Update = new(
        "update", "update_request", Kind.Sets, "PUT", "/requests/{id}$",
        (id, words) => new { request_id = id, subject = words },
        (instance, id, words) => (string?)instance.Record("requests", id)!["subject"] == words ? 1 : 0);

    public static readonly OperationClass Close = new(
        "close", "close_request", Kind.Sets, "PUT", "/requests/{id}/_?close$",
        (id, words) => new { request_id = id, closure_code = "Success", closure_comments = words },
        (instance, id, _) => (string?)instance.Record("requests", id)!["status"]!["internal_name"] == "Closed" ? 1 : 0);

    public static readonly OperationClass Reply = new(
        "reply", "reply_to_requester", Kind.Adds, "POST", "/requests/{id}/notifications$",
        (id, words) => new { request_id = id, message = words },
        (instance, _, words) => instance.Outbox.Count(mail => mail.Description.Contains(words, StringComparison.Ordinal)));

    public static readonly OperationClass Note = new(
        "note", "add_note", Kind.Adds, "POST", "/requests/{id}/notes$",
        (id, words) => new { request_id = id, note = words },
        (instance, id, words) => instance.Records($"requests/{id}/notes").Count(note => ((string?)note["description"])?.Contains(words, StringComparison.Ordinal) == true));

    public static readonly IReadOnlyList<OperationClass> All = [Read, Create, Update, Close, Reply, Note];
}
