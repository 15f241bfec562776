namespace Sidecar.Simulator;

/// <summary>Which spelling of a path an instance knows.</summary>
public enum PathSpelling
{
    /// <summary>/close</summary>
    Plain,

    /// <summary>/_close</summary>
    Underscore,

    /// <summary>Either.</summary>
    Both,
}

/// <summary>Which key wraps a note.</summary>
public enum NoteKey
{
    /// <summary>request_note, as four Cloud clients send.</summary>
    RequestNote,

    /// <summary>note, as on-premises.</summary>
    Note,

    /// <summary>Either; the reply carries the one that came.</summary>
    Both,
}

/// <summary>Whose id in_reply_to.id of a reply is.</summary>
public enum ReplyTarget
{
    /// <summary>The request's, as the client sends that is known to work.</summary>
    Request,

    /// <summary>The message's that is answered, as the name suggests.</summary>
    Message,

    /// <summary>Either.</summary>
    Both,
}

/// <summary>What an unacceptable Accept header gets.</summary>
public enum BadAccept
{
    /// <summary>HTTP 415.</summary>
    UnsupportedMediaType,

    /// <summary>HTTP 200 with a login page.</summary>
    LoginPage,
}

/// <summary>What an expired access token gets, with HTTP 401.</summary>
public enum ExpiredToken
{
    /// <summary>A body with 4022.</summary>
    Json,

    /// <summary>No body.</summary>
    Empty,

    /// <summary>A login page.</summary>
    LoginPage,
}

/// <summary>What a token without the scope gets on users and setup paths; elsewhere it is 403 with 4002.</summary>
public enum MissingScope
{
    /// <summary>HTTP 401.</summary>
    Unauthorized,

    /// <summary>HTTP 404 with 4007.</summary>
    NotFound,

    /// <summary>HTTP 403 with 4002, as elsewhere.</summary>
    Forbidden,
}

/// <summary>Which product an instance is.</summary>
public enum Edition
{
    /// <summary>Cloud: OAuth, at the common host below /app/{portal}.</summary>
    Cloud,

    /// <summary>On premises: technician keys, at a host of its own below /api/v3.</summary>
    OnPrem,
}

/// <summary>The header that an instance on premises takes a technician key in.</summary>
public enum KeyHeader
{
    /// <summary>authtoken, as today's documents say and a live client sends.</summary>
    Authtoken,

    /// <summary>TECHNICIAN_KEY, as older versions want it.</summary>
    TechnicianKey,

    /// <summary>Either.</summary>
    Both,
}

/// <summary>Where the sources about ServiceDesk Plus disagree, or where instances differ: one value each per portal.</summary>
public sealed record InstanceSwitches
{
    /// <summary>An instance on premises, as far as it was seen to differ from Cloud.</summary>
    public static InstanceSwitches OnPremises { get; } = new()
    {
        Edition = Edition.OnPrem,
        NoteKey = NoteKey.Note,
        ClosePath = PathSpelling.Plain,
        AssignPath = PathSpelling.Plain,
        HistoryPath = PathSpelling.Plain,
        LinkPath = PathSpelling.Plain,
        MergePath = PathSpelling.Plain,
        GroupsPath = false,
        RequestClosureCodesPath = false,
        FormMetadata = false,
        NumbersApart = false,
        RateLimitStatus = 400,
        RateLockSeconds = 60,
        // Samples and clients send this, that or no Accept header.
        AnyAccept = true,
    };

    /// <summary>Which product it is. Everything else is a switch of its own; <see cref="OnPremises"/> sets them all.</summary>
    public Edition Edition { get; init; }

    /// <summary>On premises: the header that a key comes in.</summary>
    public KeyHeader KeyHeader { get; init; }

    /// <summary>On premises: calls with a wrong key in a sliding minute before every call is refused for a while.</summary>
    public int KeyFailures { get; init; } = 15;

    /// <summary>Requests have numbers for people beside their ids; otherwise the number is the id.</summary>
    public bool NumbersApart { get; init; } = true;

    /// <summary>Key around a note.</summary>
    public NoteKey NoteKey { get; init; } = NoteKey.RequestNote;

    /// <summary>Whose id in_reply_to.id has to be.</summary>
    public ReplyTarget ReplyTarget { get; init; } = ReplyTarget.Request;

    /// <summary>PUT …/close or …/_close.</summary>
    public PathSpelling ClosePath { get; init; } = PathSpelling.Both;

    /// <summary>PUT …/assign or …/_assign.</summary>
    public PathSpelling AssignPath { get; init; } = PathSpelling.Both;

    /// <summary>GET …/history or …/_history.</summary>
    public PathSpelling HistoryPath { get; init; } = PathSpelling.Both;

    /// <summary>…/link_requests or …/_link_requests.</summary>
    public PathSpelling LinkPath { get; init; } = PathSpelling.Underscore;

    /// <summary>…/merge_requests or …/_merge_requests.</summary>
    public PathSpelling MergePath { get; init; } = PathSpelling.Underscore;

    /// <summary>GET /groups exists.</summary>
    public bool GroupsPath { get; init; } = true;

    /// <summary>GET /support_groups exists.</summary>
    public bool SupportGroupsPath { get; init; } = true;

    /// <summary>GET /closure_codes exists.</summary>
    public bool ClosureCodesPath { get; init; } = true;

    /// <summary>GET /request_closure_codes exists.</summary>
    public bool RequestClosureCodesPath { get; init; } = true;

    /// <summary>GET /technicians exists; without it only the lookups below /requests are left.</summary>
    public bool TechniciansPath { get; init; } = true;

    /// <summary>GET /users and /requesters exist.</summary>
    public bool UsersPath { get; init; } = true;

    /// <summary>GET /statuses exists; it fails on one known tenant.</summary>
    public bool StatusesPath { get; init; } = true;

    /// <summary>GET /requests/_metainfo and the template's layout answer OAuth clients.</summary>
    public bool FormMetadata { get; init; } = true;

    /// <summary>Fields that take an id only: a name gives 4001.</summary>
    public IReadOnlyList<string> NamesRefused { get; init; } = [];

    /// <summary>Rows of a list of notes carry their description.</summary>
    public bool NoteDescriptionsInLists { get; init; }

    /// <summary>An unset field is the text "null".</summary>
    public bool NullsAsText { get; init; }

    /// <summary>Some descriptions come wrapped in CDATA.</summary>
    public bool CdataDescriptions { get; init; } = true;

    /// <summary>The instance has closure codes; without, any code is an error.</summary>
    public bool ClosureCodesConfigured { get; init; } = true;

    /// <summary>Closing needs a technician and a resolution; without them it answers 3000 and stays open.</summary>
    public bool ResolutionNeededToClose { get; init; } = true;

    /// <summary>A status that may not be set is dropped in silence, with 2000.</summary>
    public bool SilentStatusRevert { get; init; } = true;

    /// <summary>DELETE /requests/{id} moves to the trash; otherwise it purges.</summary>
    public bool DeleteIsTrash { get; init; } = true;

    /// <summary>What an Accept header other than the API's own media type gets.</summary>
    public BadAccept BadAccept { get; init; } = BadAccept.UnsupportedMediaType;

    /// <summary>Any Accept header will do.</summary>
    public bool AnyAccept { get; init; }

    /// <summary>What an expired, revoked or unknown access token gets.</summary>
    public ExpiredToken ExpiredToken { get; init; } = ExpiredToken.Json;

    /// <summary>What a missing scope gets on users and setup paths.</summary>
    public MissingScope MissingScope { get; init; } = MissingScope.Unauthorized;

    /// <summary>Writes are also read from the query.</summary>
    public bool QueryStringWrites { get; init; }

    /// <summary>search_criteria may be an array of several.</summary>
    public bool CriteriaArrays { get; init; } = true;

    /// <summary>An array whose first criterion has a logical_operator gives 400.</summary>
    public bool FirstOperatorRefused { get; init; } = true;

    /// <summary>Technician and status criteria together return wrong rows: the status is not looked at.</summary>
    public bool WrongRowsForTechnicianAndStatus { get; init; }

    /// <summary>Named filters return closed tickets too.</summary>
    public bool FiltersIgnoreStatus { get; init; }

    /// <summary>Calls per token, method and path template in a sliding minute.</summary>
    public int RateLimit { get; init; } = 600;

    /// <summary>Seconds of the lock that follows.</summary>
    public int RateLockSeconds { get; init; } = 300;

    /// <summary>HTTP status that 4015 comes with: 429 as documented, 400 as seen.</summary>
    public int RateLimitStatus { get; init; } = 429;

    /// <summary>The answer carries Retry-After.</summary>
    public bool RateLimitRetryAfter { get; init; }
}
