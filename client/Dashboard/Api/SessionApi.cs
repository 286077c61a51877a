using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Sweep.Client.Dashboard.Access;
using Sweep.Client.Terminal;

namespace Sweep.Client.Dashboard.Api;

/// <summary>The caller's session.</summary>
internal sealed class SessionApi(StoreView store, Gate gate, DashboardOptions options, TimeProvider time)
{
    private const int MaxLoginBytes = 32 * 1024;

    public Task ShowAsync(HttpContext context) => WriteAsync(context, ActionsApi.CallerOf(context));

    public async Task LogInAsync(HttpContext context)
    {
        // An HTML form can't send JSON; a cross-site request is refused for its origin anyway.
        if (!context.Request.HasJsonContentType())
            throw new ApiException(StatusCodes.Status400BadRequest, "the body's type is not JSON; allowed: Content-Type: application/json");

        // Room for the longest token: anonymous callers need no more.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = MaxLoginBytes;
        string token = (await DashboardJson.ReadAsync<LoginRequest>(context)).Token?.Trim() ?? "";
        if (token.Length == 0)
            throw new ApiException(StatusCodes.Status400BadRequest, "no token; allowed: {\"token\": \"…\"}");
        await WriteAsync(context, options.IsOpen ? ActionsApi.CallerOf(context) : await gate.LogInAsync(context, token));
    }

    public Task LogOutAsync(HttpContext context)
    {
        gate.LogOut(context);
        return WriteAsync(context, options.IsOpen ? ActionsApi.CallerOf(context) : new Caller(Role.None, "", ByHeader: false));
    }

    /// <summary>An anonymous caller learns nothing else.</summary>
    private Task WriteAsync(HttpContext context, Caller caller) => DashboardJson.WriteAsync(context, new
    {
        authenticated = caller.Role != Role.None,
        role = Gate.Word(caller.Role),
        caller.Csrf,
        version = caller.Role == Role.None ? null : MachineDescription.Version,
        store = caller.Role == Role.None ? null : store.Shown,
        now = time.GetUtcNow(),
        embedded = options.Embedded,
        options.Auth,
    });
}
