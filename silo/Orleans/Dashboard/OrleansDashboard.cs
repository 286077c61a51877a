using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Dashboard;

namespace Sweep.Silo.Orleans.Dashboard;

/// <summary>
/// Orleans' own dashboard: silos, grains, calls. It asks nobody who they are and shows everything, so it is served on this machine alone. Every silo keeps what it
/// shows, since its grain may be on any of them; calls are timed only while somebody looks.
/// </summary>
internal static class OrleansDashboard
{
    /// <summary>Keeps what a dashboard of the cluster shows.</summary>
    public static void Add(ISiloBuilder silo) => silo.AddDashboard(options => options.HideTrace = true);

    /// <summary>For a silo that serves the page too.</summary>
    /// <param name="address">Of the loopback.</param>
    public static WebApplicationBuilder Builder(IPEndPoint address)
    {
        if (!IPAddress.IsLoopback(address.Address))
            throw new ArgumentException($"dashboard: {address}; allowed: an address of the loopback", nameof(address));
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "sweep" });
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(address, listen => listen.Protocols = HttpProtocols.Http1);
        });
        return builder;
    }

    /// <summary>The application with the page in it. Not started.</summary>
    public static WebApplication Build(WebApplicationBuilder builder)
    {
        WebApplication application = builder.Build();
        application.Use(async (context, next) =>
        {
            // A page of another site whose name was pointed here (DNS rebinding) would else be its own page.
            if (IsThisMachine(context.Request.Host))
                await next(context);
            else
                context.Response.StatusCode = StatusCodes.Status403Forbidden;
        });
        application.MapOrleansDashboard();
        return application;
    }

    /// <summary>Where a started silo serves the page, with the port that it got; null if it doesn't.</summary>
    public static string? Url(IHost silo) => silo is WebApplication web
        ? web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() is { } url ? $"{url}/" : null
        : null;

    private static bool IsThisMachine(HostString host)
    {
        string name = host.Host.TrimEnd('.');
        return name.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(name.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));
    }
}
