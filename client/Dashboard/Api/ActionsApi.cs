using Microsoft.AspNetCore.Http;
using Sweep.Client.Dashboard.Access;
using Sweep.Client.Terminal;
using Sweep.Grains.Coordination;

namespace Sweep.Client.Dashboard.Api;

/// <summary>Operations that change state: operators only.</summary>
internal sealed class ActionsApi(StoreView store, bool embedded)
{
    private const int MaxTrials = 5000;

    public Task PauseAsync(HttpContext context) => ActAsync(context, async (sweep, cancel) =>
    {
        await store.Operations.PauseAsync(sweep.Id, cancel);
        return "paused: no new leases; running trials are checkpointed and released";
    });

    public Task ResumeAsync(HttpContext context) => ActAsync(context, async (sweep, cancel) =>
    {
        await store.Operations.ResumeAsync(sweep.Id, cancel);
        return "resumed";
    });

    public Task CancelAsync(HttpContext context) => ActAsync(context, async (sweep, cancel) =>
    {
        await store.Operations.CancelAsync(sweep.Id, cancel);
        return $"cancelled: {sweep.Completed} of {sweep.Total} trials were completed and stay";
    });

    public Task RetryAsync(HttpContext context) => ActAsync(context, async (sweep, cancel) =>
    {
        string[]? trials = (await DashboardJson.ReadAsync<RetryRequest>(context)).Trials;
        if (trials is { Length: > MaxTrials })
            throw new ApiException(StatusCodes.Status400BadRequest, $"trials: {trials.Length}; allowed: at most {MaxTrials}, or none for all failed ones");
        int queued = await store.Operations.RetryAsync(sweep.Id, trials is { Length: > 0 } ? trials : null, cancel);
        string how = store.Run is null || embedded ? "" : "; run them with: sweep run SPEC";
        return $"{queued} {(queued == 1 ? "trial" : "trials")} queued again{how}";
    });

    public async Task UnquarantineAsync(HttpContext context)
    {
        Gate.RequireOperator(context, CallerOf(context));

        // ASP.NET Core decodes route values except for encoded slashes.
        string silo = ((string)context.Request.RouteValues["silo"]!).Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        if (!await store.Operations.LiftQuarantineAsync(silo, context.RequestAborted))
            throw new ApiException(StatusCodes.Status409Conflict,
                $"not quarantined: {Words.Clean(silo)}; allowed: a silo that is quarantined according to GET /api/silos");
        await DashboardJson.WriteAsync(context, new { done = $"{silo} gets trials again" });
    }

    public static Caller CallerOf(HttpContext context) => (Caller)context.Items[typeof(Caller)]!;

    private async Task ActAsync(HttpContext context, Func<SweepSummary, CancellationToken, Task<string>> act)
    {
        Gate.RequireOperator(context, CallerOf(context));
        SweepSummary sweep = await store.FindAsync(SweepsApi.Id(context), context.RequestAborted);
        await DashboardJson.WriteAsync(context, new { done = await act(sweep, context.RequestAborted) });
    }
}
