using Sidecar.Broker.Credentials;

namespace Sidecar.Broker.Onboarding.Grants;

/// <summary>
/// The place on this machine that the browser returns to after consent. Its last page is answered when all is done, so that
/// it says what is true.
/// </summary>
internal sealed class BrowserReturn : IAsyncDisposable
{
    public const int DefaultPort = 7420;

    private const string Path = "/callback";

    private readonly WebApplication _app;
    private readonly TaskCompletionSource<GrantCode> _code = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<ReturnPage> _page = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private BrowserReturn(WebApplication app) => _app = app;

    /// <summary>The address that has to be registered with the client.</summary>
    public static Uri AddressOf(int port) => new($"http://localhost:{port}{Path}");

    /// <summary>Listens on loopback alone.</summary>
    /// <exception cref="CommandFailure">The port is not free.</exception>
    public static async Task<BrowserReturn> ListenAsync(GrantRequest request, string? location, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.Sources.Clear();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.ListenLocalhost(request.Redirect.Port);
        });
        var returning = new BrowserReturn(builder.Build());
        returning._app.Run(context => returning.AnswerAsync(context, request, location));
        try
        {
            await returning._app.StartAsync(cancellationToken);
            return returning;
        }
        catch (IOException exception)
        {
            await returning._app.DisposeAsync();
            throw new CommandFailure(
                $"Port {request.Redirect.Port} of this machine is taken, and the browser has to return to it.", $"End what uses it, or choose another with --port and register http://localhost:PORT{Path} with the client.", exception);
        }
    }

    /// <summary>The code that the browser brings.</summary>
    /// <exception cref="CommandFailure">Consent was refused, or is not for us.</exception>
    public Task<GrantCode> CodeAsync(CancellationToken cancellationToken) => _code.Task.WaitAsync(cancellationToken);

    /// <summary>Tells the person in the browser how it ended.</summary>
    public void Finish(ReturnPage page) => _page.TrySetResult(page);

    public async ValueTask DisposeAsync()
    {
        Finish(ReturnPage.Failed("It was not finished.", "See the terminal that you started it from."));
        // The last page is on its way out.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await _app.StopAsync(patience.Token);
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context, GrantRequest request, string? location)
    {
        var (status, page) = (StatusCodes.Status200OK, default(ReturnPage));
        var query = context.Request.Query;
        // Another site may make the browser call here by another name, or guess.
        if (context.Request.Host.ToString() != request.Redirect.Authority || context.Request.Path != Path || context.Request.Method != HttpMethods.Get)
            (status, page) = (StatusCodes.Status404NotFound, ReturnPage.Failed("There is nothing here.", "Go back to the terminal."));
        else if (!request.IsMine(query["state"].ToString()))
            (status, page) = (StatusCodes.Status400BadRequest, ReturnPage.Failed("This is not the answer that was asked for.", "Open the address that the terminal shows."));
        else if (query["code"].ToString() is not { Length: > 0 } code)
            _code.TrySetException(new CommandFailure("Consent was not given.", "Run the command again and accept, if that is wanted."));
        // Zoho says where the person's account lives; a code is good there alone.
        else if (location is not null && query["location"].ToString() is { Length: > 0 } home && !home.Equals(location, StringComparison.OrdinalIgnoreCase))
            _code.TrySetException(new CommandFailure($"The Zoho account belongs to the data centre {Letters(home)}, not {location}.", "Run the command again with that --dc, or sign in with another account."));
        else
            _code.TrySetResult(new GrantCode(new Secret(code), request.Redirect, request.Verifier));

        page ??= await _page.Task.WaitAsync(context.RequestAborted);
        await page.WriteAsync(context.Response, status);
    }

    private static string Letters(string text) => new([.. text.Where(char.IsAsciiLetter).Take(8)]);
}
