using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.HostFiltering;
using Sidecar.Shim.Access.Entra;
using Sidecar.Shim.Hosting;
using Sidecar.Shim.Settings;

namespace Sidecar.Shim.Access;

/// <summary>Who may call, from where, under which name.</summary>
internal static class AccessSetup
{
    private const string DoorName = "Door";

    public static void AddAccess(this IServiceCollection services, ShimSettings settings)
    {
        services.AddSingleton<KeyRing>();
        services.AddSingleton<OriginPolicy>();
        services.Configure<HostFilteringOptions>(hosts => hosts.AllowedHosts = [.. settings.AllowedHosts]);
        services.AddCors();

        // AddAuthentication would bring Data Protection, which writes a key ring into the home folder at start: the shim
        // keeps nothing and may run on a read-only root. These are the parts of it that a scheme needs.
        services.AddAuthenticationCore(authentication => authentication.DefaultScheme = settings.Entra is null ? ApiKeyHandler.SchemeName : DoorName);
        services.AddWebEncoders();
        services.AddSingleton<Challenge>();
        var schemes = new AuthenticationBuilder(services).AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeyHandler.SchemeName, null);
        if (settings.Entra is { } entra)
        {
            services.AddEntra(entra);
            schemes.AddScheme<AuthenticationSchemeOptions, EntraHandler>(EntraHandler.SchemeName, null)
                .AddPolicyScheme(DoorName, null, door => door.ForwardDefaultSelector = context => Presented.SchemeFor(context.Request, settings));
        }

        // Also for what has no endpoint of its own, such as a GET of /mcp: whoever has no key learns only how to get one.
        services.AddAuthorization(policies => policies.FallbackPolicy = policies.DefaultPolicy);
    }

    public static void UseAccess(this WebApplication app)
    {
        var origins = app.Services.GetRequiredService<OriginPolicy>();
        app.UseHostFiltering();
        app.Use((context, next) => context.Request.Headers.Origin.ToString() is { Length: > 0 } origin && !origins.Allows(origin)
            ? context.ReplyAsync(StatusCodes.Status403Forbidden, "forbidden", "Pages of this origin may not call. Shim__AllowedOrigins__0 lets one in.")
            : next(context));
        app.UseRouting();
        app.UseCors(cors => cors.SetIsOriginAllowed(origins.Allows).AllowAnyHeader().WithMethods("GET", "POST").WithExposedHeaders("WWW-Authenticate"));
        app.UseAuthentication();
        app.UseAuthorization();
    }
}
