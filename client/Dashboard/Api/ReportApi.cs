using System.Globalization;
using Microsoft.AspNetCore.Http;
using Sweep.Client.Dashboard.Live;
using Sweep.Client.Terminal;
using Sweep.Grains.Coordination;

namespace Sweep.Client.Dashboard.Api;

/// <summary>The live report.</summary>
internal sealed class ReportApi(StoreView store, LiveReports reports)
{
    public async Task GetAsync(HttpContext context)
    {
        SweepSummary sweep = await store.FindAsync(SweepsApi.Id(context), context.RequestAborted);
        bool brief = context.Request.Query["form"].ToString() switch
        {
            "" or "whole" => false,
            "brief" => true,
            string other => throw new ApiException(StatusCodes.Status400BadRequest, $"form: {Words.Clean(other)}; allowed: brief, whole"),
        };
        ReadyReport? ready = await reports.ReadyAsync(sweep, whole: !brief, context.RequestAborted);
        if (ready is null || (brief ? ready.Page : ready.Whole) is not { } answer)
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        context.Response.Headers["X-Sweep-As-Of"] = ready.AsOf.ToString(CultureInfo.InvariantCulture);
        if (brief && ready.IsBrief)
            context.Response.Headers["X-Sweep-Form"] = "brief";
        if (!ready.WithCurves)
            context.Response.Headers["X-Sweep-Curves"] = "omitted";
        if (ready.LacksPictures)
            context.Response.Headers["X-Sweep-Pictures"] = "elsewhere";
        await answer.WriteAsync(context);
    }
}
