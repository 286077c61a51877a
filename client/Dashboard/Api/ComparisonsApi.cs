using System.Globalization;
using Microsoft.AspNetCore.Http;
using Sweep.Client.Dashboard.Live;
using Sweep.Grains.Coordination;

namespace Sweep.Client.Dashboard.Api;

/// <summary>Pages of a large report's comparisons.</summary>
internal sealed class ComparisonsApi(StoreView store, LiveReports reports, AnswerCache cache)
{
    private const int MaxPageSize = 500, DefaultPageSize = 100, MaxNameLength = 200;

    public async Task GetAsync(HttpContext context)
    {
        SweepSummary sweep = await store.FindAsync(SweepsApi.Id(context), context.RequestAborted);
        SweepShape shape = await store.ShapeAsync(sweep.Id, context.RequestAborted);
        ComparisonQuery query = Read(context.Request.Query, shape);
        if (await reports.ReadyAsync(sweep, whole: false, context.RequestAborted) is not { } ready)
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        if (ready.Comparisons is not { } comparisons)
            throw new ApiException(StatusCodes.Status404NotFound, "the report is small, its comparisons are in it; allowed: GET /api/sweeps/ID/report");
        context.Response.Headers["X-Sweep-As-Of"] = ready.AsOf.ToString(CultureInfo.InvariantCulture);
        string asked = string.Join('&', context.Request.Query.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}={p.Value}"));
        Answer answer = await cache.GetAsync($"comparisons {sweep.Id} {asked}", ready.Page.Tag, () =>
            Task.FromResult(DashboardJson.Bytes(comparisons.Of(query))), context.RequestAborted);
        await answer.WriteAsync(context);
    }

    private static ComparisonQuery Read(IQueryCollection given, SweepShape shape) => new()
    {
        Metric = Name(given, "metric"),
        Arm = Name(given, "arm"),
        Verdict = OneOf(given, "verdict", ComparisonQuery.Verdicts),
        Averaged = OneOf(given, "means", ComparisonQuery.Means),
        Where =
        [
            .. given.Keys.Where(k => k.StartsWith(ComparisonQuery.ByAxis, StringComparison.Ordinal) && Axis(k, shape))
                .Select(k => KeyValuePair.Create(k[ComparisonQuery.ByAxis.Length..], Name(given, k) ?? "")),
        ],
        SortBy = given["sort"].ToString() is var sort && sort.StartsWith(ComparisonQuery.ByAxis, StringComparison.Ordinal) && Axis(sort, shape) ? sort
            : OneOf(given, "sort", ComparisonQuery.Sorts),
        Descending = given["desc"].ToString() is "true" or "1",
        Skip = TrialsApi.Number(given, "skip", 0, int.MaxValue),
        Take = TrialsApi.Number(given, "take", DefaultPageSize, MaxPageSize),
    };

    /// <exception cref="ApiException">No such axis.</exception>
    private static bool Axis(string name, SweepShape shape) => shape.Names.Contains(name[ComparisonQuery.ByAxis.Length..], StringComparer.Ordinal) ? true
        : throw TrialsApi.Bad("no axis", name[ComparisonQuery.ByAxis.Length..], string.Join(", ", shape.Names));

    /// <summary>A name that need not be there yet: what completes next may bring it.</summary>
    private static string? Name(IQueryCollection given, string what) => given[what].ToString() is not { Length: > 0 } name ? null
        : name.Length <= MaxNameLength ? name : throw TrialsApi.Bad(what, name[..MaxNameLength], $"at most {MaxNameLength} characters");

    private static string? OneOf(IQueryCollection given, string what, string[] allowed) => given[what].ToString() is not { Length: > 0 } word ? null
        : allowed.Contains(word, StringComparer.Ordinal) ? word : throw TrialsApi.Bad(what, word, string.Join(", ", allowed));
}
