using System.Globalization;
using Microsoft.AspNetCore.Http;
using Sweep.Client.Dashboard.Live;
using Sweep.Grains.Coordination;

namespace Sweep.Client.Dashboard.Api;

/// <summary>The live report.</summary>
internal sealed class ReportApi(StoreView store, LiveReports reports, TimeProvider time)
{
    /// <summary>A small sweep's first report is there in this time; a page that asks gets it at once.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(400);

    public async Task GetAsync(HttpContext context)
    {
        SweepSummary sweep = await store.FindAsync(SweepsApi.Id(context), context.RequestAborted);
        ReadyReport? ready = Ask(sweep);
        if (ready is null && sweep.Completed > 0)
        {
            await Task.WhenAny(reports.Building(sweep.Id), Task.Delay(Patience, time, context.RequestAborted));
            ready = Ask(sweep);
        }

        if (ready is null)
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        context.Response.Headers["X-Sweep-As-Of"] = ready.AsOf.ToString(CultureInfo.InvariantCulture);
        if (!ready.WithCurves)
            context.Response.Headers["X-Sweep-Curves"] = "omitted";
        await ready.Answer.WriteAsync(context);
    }

    private ReadyReport? Ask(SweepSummary sweep) => reports.Ask(sweep.Id, sweep.Completed, sweep.Failed, sweep.Cancelled);
}
