using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Dashboard;

namespace Sweep.Silo.Orleans.Dashboard;

/// <summary>
/// Orleans' own dashboard: silos, grains, calls. It asks nobody who they are and shows everything, so it is served on this machine alone. Only silos that
/// serve it keep what it shows: that is a filter around every grain's call and a listener to every message.
/// </summary>
internal static class OrleansDashboard
{
    /// <summary>Adds what the page shows, its grain among it.</summary>
    public static void Add(ISiloBuilder silo) => silo.AddDashboard(options => options.HideTrace = true);

    /// <summary>Keeps the dashboard's grains, which come with its assembly, from being placed on a silo that doesn't serve it.</summary>
    public static void Leave(ISiloBuilder silo) => silo.Services.PostConfigure<GrainTypeOptions>(
        options => options.Classes.RemoveWhere(type => type.Assembly == typeof(global::Orleans.Dashboard.DashboardOptions).Assembly));

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
        return name.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(name.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));
    }
}
