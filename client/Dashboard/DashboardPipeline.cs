using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sweep.Client.Dashboard.Access;
using Sweep.Client.Dashboard.Api;
using Sweep.Client.Dashboard.Live;
using Sweep.Client.Terminal;
using Sweep.Grains.Coordination;

namespace Sweep.Client.Dashboard;

/// <summary>The request pipeline and its routes.</summary>
internal static class DashboardPipeline
{
    public static void Use(WebApplication application, DashboardParts parts, DashboardOptions options)
    {
        // A proxy may pass the prefix on or take it off: both are answered.
        if (options.Base != "/")
            application.UsePathBase(options.Base.TrimEnd('/'));
        if (!options.Proxies.IsEmpty)
            application.UseForwardedHeaders(options.Proxies.Headers());
        application.Use(async (context, next) =>
        {
            long began = parts.Telemetry.Begin();
            SecurityHeaders.AddTo(context.Response.Headers);
            await OnConnectionAsync(context, parts.Connections, () => AnswerAsync(context, next, parts.Log));
            parts.Telemetry.Answered(context, began);
        });
        application.UseRateLimiter();
        application.UseResponseCompression();
        application.Use(async (context, next) =>
        {
            await AdmitAsync(context, parts);
            if (!IsApi(context.Request) && TokenLink.Is(context.Request))
                await TokenLink.FollowAsync(context, parts.Gate, options.Base);
            else
                await next(context);
        });
        application.UseRouting();
        Map(application, parts);
    }

    /// <summary>Keeps the connection's state up to date.</summary>
    private static async Task OnConnectionAsync(HttpContext context, ConnectionTable table, Func<Task> answer)
    {
        if (context.Features.Get<OpenConnection>() is not { } connection)
        {
            await answer();
            return;
        }

        table.RequestBegan(connection);
        try
        {
            await answer();
        }
        finally
        {
            table.RequestEnded(connection);
        }
    }

    /// <summary>Turns exceptions into error responses.</summary>
    private static async Task AnswerAsync(HttpContext context, RequestDelegate next, TroubleLog log)
    {
        (int Status, string Message) error;
        try
        {
            await next(context);
            return;
        }
        catch (ApiException e)
        {
            error = (e.Status, e.Message);
        }
        catch (StoreException e)
        {
            error = (StatusCodes.Status503ServiceUnavailable, Words.Clean(e.Message));
        }
        catch (ArgumentException e)
        {
            error = (StatusCodes.Status400BadRequest, Words.Clean(e.Message));
        }
        catch (BadHttpRequestException e)
        {
            error = (e.StatusCode, e.StatusCode == StatusCodes.Status413PayloadTooLarge ? "the body is too large; allowed: 256 kB, 32 kB to log in"
                : "the request can't be read; allowed: HTTP/1.1");
        }
        catch (Exception e) when (context.RequestAborted.IsCancellationRequested && e is OperationCanceledException or IOException)
        {
            return;
        }

        catch (Exception e)
        {
            // Details only for callers that may see the store.
            string trouble = log.Report($"{context.Request.Method} {(context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText}", e);
            bool known = context.Items[typeof(Caller)] is Caller { Role: not Role.None };
            error = (StatusCodes.Status500InternalServerError, known ? $"unexpected error: {trouble}" : "unexpected error; see the server's log");
        }

        if (!context.Response.HasStarted)
            await DashboardJson.ErrorAsync(context, error.Status, error.Message);
    }

    private static async Task AdmitAsync(HttpContext context, DashboardParts parts)
    {
        HttpRequest request = context.Request;
        if (!parts.Hosts.Allows(request.Host))
            throw new ApiException(StatusCodes.Status403Forbidden,
                $"host: {Words.Clean(request.Host.Value ?? "none")}; allowed: this machine's names, or one of --host");
        if (!IsApi(request))
            return;
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && !OriginGuard.IsOurs(request))
            throw new ApiException(StatusCodes.Status403Forbidden, "cross-site request; allowed: the dashboard's own page, or a client that is not a browser");
        Caller caller = await parts.Gate.CallerAsync(context);
        context.Items[typeof(Caller)] = caller;
        if (context.Features.Get<OpenConnection>() is { } connection)
            parts.Connections.SetAuthenticated(connection, caller.Role != Role.None);
        if (request.Path.Value is not ("/api/session" or "/api/login" or "/api/logout"))
            Gate.Require(caller, Role.Reader);
    }

    private static bool IsApi(HttpRequest request) => request.Path.StartsWithSegments("/api") || request.Path.StartsWithSegments("/metrics");

    private static void Map(IEndpointRouteBuilder routes, DashboardParts parts)
    {
        Get("/api/session", parts.Session.ShowAsync);
        Post("/api/login", parts.Session.LogInAsync);
        Post("/api/logout", parts.Session.LogOutAsync);
        Get("/api/sweeps", parts.Sweeps.ListAsync);
        Get("/api/sweeps/{sweep}", parts.Sweeps.DetailAsync);
        Get("/api/sweeps/{sweep}/grid", parts.Sweeps.GridAsync);
        Get("/api/sweeps/{sweep}/points", parts.Sweeps.PointsAsync);
        Get("/api/sweeps/{sweep}/failures", parts.Sweeps.FailuresAsync);
        Get("/api/sweeps/{sweep}/groups", parts.Groups.GetAsync);
        Get("/api/sweeps/{sweep}/comparisons", parts.Comparisons.GetAsync);
        Get("/api/sweeps/{sweep}/report", parts.Report.GetAsync);
        Get("/api/sweeps/{sweep}/trials", parts.Trials.PageAsync);
        Get("/api/sweeps/{sweep}/trials/{trial}", parts.Trials.DetailAsync);
        Get("/api/sweeps/{sweep}/trials/{trial}/artifacts/{name}", parts.Trials.ArtifactAsync);
        Get("/api/sweeps/{sweep}/requests", parts.Actions.RequestsAsync);
        Get("/api/silos", parts.Sweeps.SilosAsync);
        Get("/api/events", parts.Events.StreamAsync);
        Post("/api/sweeps/{sweep}/pause", parts.Actions.PauseAsync);
        Post("/api/sweeps/{sweep}/resume", parts.Actions.ResumeAsync);
        Post("/api/sweeps/{sweep}/cancel", parts.Actions.CancelAsync);
        Post("/api/sweeps/{sweep}/retry", parts.Actions.RetryAsync);
        Post("/api/sweeps/{sweep}/note", parts.Actions.NoteAsync);
        Post("/api/silos/{silo}/unquarantine", parts.Actions.UnquarantineAsync);
        Get("/metrics", parts.Telemetry.ScrapeAsync);
        routes.Map("/api/{**rest}", (RequestDelegate)(_ => throw new ApiException(
            StatusCodes.Status404NotFound, "nothing here; allowed: what docs/dashboard-api.md lists")));
        routes.Map("/{**path}", (RequestDelegate)parts.Page.GetAsync);

        void Get(string pattern, RequestDelegate handler) => routes.MapMethods(pattern, ["GET", "HEAD"], handler);
        void Post(string pattern, RequestDelegate handler) => routes.MapPost(pattern, handler);
    }
}
