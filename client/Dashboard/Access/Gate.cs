using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using Sweep.Client.Dashboard.Api;

namespace Sweep.Client.Dashboard.Access;

/// <summary>Says who a caller is, and keeps out who may not. Thread-safe.</summary>
internal sealed class Gate(DashboardOptions options, OidcTokens? oidc, TimeProvider time)
{
    public const string CsrfHeader = "X-Sweep-Csrf";

    private readonly Secrets _secrets = new(options.Token, options.ReaderToken);
    private readonly string _openCsrf = Secrets.Random();
    private SessionCookie? _sessions;

    public LoginLimiter Limiter { get; } = new(time);

    /// <summary>The port is known once the server listens.</summary>
    public void Listens(int port) => _sessions = new SessionCookie(SessionCookie.NewKey(), port, time);

    /// <summary>Whether no token is needed.</summary>
    public bool IsOpen => options.IsOpen;

    private SessionCookie Sessions => _sessions ?? throw new InvalidOperationException("the server doesn't listen yet");

    /// <summary>Who asks; a role of none where that isn't known.</summary>
    /// <exception cref="ApiException">A token in the header is wrong, or too many of this client are pending.</exception>
    public async Task<Caller> CallerAsync(HttpContext context)
    {
        if (options.IsOpen)
            return new Caller(Role.Operator, _openCsrf, ByHeader: false);
        string header = context.Request.Headers.Authorization.ToString();
        if (header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            (Role role, _) = await EnterAsync(context, header["Bearer ".Length..].Trim());
            return new Caller(role, "", ByHeader: true);
        }

        return Sessions.Read(context.Request.Cookies[Sessions.Name]) is { } session
            ? new Caller(session.Role, session.Csrf, ByHeader: false)
            : new Caller(Role.None, "", ByHeader: false);
    }

    /// <summary>The client whose requests are counted together: a session, or everything anonymous from an address.</summary>
    public string ClientOf(HttpContext context) =>
        Sessions.Read(context.Request.Cookies[Sessions.Name])?.Csrf ?? ClientAddress.Key(context.Connection.RemoteIpAddress);

    /// <summary>Begins a session for who has a token.</summary>
    /// <exception cref="ApiException">The token is wrong, or too many of this client are pending.</exception>
    public async Task<Caller> LogInAsync(HttpContext context, string token)
    {
        (Role role, DateTimeOffset? ends) = await EnterAsync(context, token);
        (string value, DateTimeOffset end) = Sessions.Issue(role, ends);
        context.Response.Cookies.Append(Sessions.Name, value, Cookie(context, end));
        return new Caller(role, Sessions.Read(value)?.Csrf ?? "", ByHeader: false);
    }

    public void LogOut(HttpContext context)
    {
        Sessions.LogOut(context.Request.Cookies[Sessions.Name]);
        context.Response.Cookies.Delete(Sessions.Name, Cookie(context, null));
    }

    /// <summary>Lets a caller do what changes state, or throws.</summary>
    /// <exception cref="ApiException">Not an operator, or the request may be another site's.</exception>
    public static void RequireOperator(HttpContext context, Caller caller)
    {
        Require(caller, Role.Operator);
        if (!caller.ByHeader && !Secrets.Same(context.Request.Headers[CsrfHeader].ToString(), caller.Csrf))
            throw new ApiException(StatusCodes.Status403Forbidden, $"the header {CsrfHeader} is missing or old; allowed: the csrf of GET /api/session");
    }

    /// <exception cref="ApiException">The caller's role doesn't suffice.</exception>
    public static void Require(Caller caller, Role role)
    {
        if (caller.Role == Role.None)
            throw new ApiException(StatusCodes.Status401Unauthorized, "not logged in; allowed: POST /api/login with a token, or Authorization: Bearer TOKEN");
        if (caller.Role < role)
            throw new ApiException(StatusCodes.Status403Forbidden, $"role: {Word(caller.Role)}; allowed: {Word(role)}");
    }

    public static string? Word(Role role) => role switch
    {
        Role.Reader => "reader",
        Role.Operator => "operator",
        _ => null,
    };

    private async Task<(Role Role, DateTimeOffset? Ends)> EnterAsync(HttpContext context, string token)
    {
        IPAddress? client = context.Connection.RemoteIpAddress;
        if (!await Limiter.WaitAsync(client, context.RequestAborted))
        {
            context.Response.Headers.RetryAfter = ((int)Math.Ceiling(LoginLimiter.LongestDelay.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            throw new ApiException(
                StatusCodes.Status429TooManyRequests, $"too many token checks pending for this address; allowed: {LoginLimiter.MaxWaiting} at a time after wrong tokens");
        }

        Role role = _secrets.RoleOf(token);
        DateTimeOffset? ends = null;
        if (role == Role.None && oidc is not null)
            (role, ends) = await oidc.RoleOfAsync(token, context.RequestAborted);
        if (role != Role.None)
            return (role, ends);
        Limiter.Failed(client, token);
        throw new ApiException(StatusCodes.Status401Unauthorized, "the token is wrong or no longer valid; allowed: one that sweep serve was started with");
    }

    private static CookieOptions Cookie(HttpContext context, DateTimeOffset? ends) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,

        // A proxy that speaks TLS says so; who lies about it only keeps their own cookie from themselves.
        Secure = context.Request.IsHttps || context.Request.Headers["X-Forwarded-Proto"] == "https",
        Path = "/",
        Expires = ends,
        IsEssential = true,
    };
}
