using Microsoft.AspNetCore.Http;
using Sweep.Client.Dashboard.Live;
using Sweep.Diffusion.Metrics;
using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Client.Dashboard.Api;

/// <summary>Sweeps with their grids, points and failures; silos.</summary>
internal sealed class SweepsApi(StoreView store, LiveReports reports, AnswerCache cache)
{
    /// <summary>Rows of parallel coordinates: more are indistinguishable.</summary>
    public const int MaxPoints = 5000;

    /// <summary>Unsuccessful attempts whose messages are read; the counts by cause are exact nevertheless.</summary>
    public const int MaxFailedAttempts = 20_000;

    /// <summary>A larger grid has only counts, unless metrics are requested.</summary>
    private const int SmallGrid = 5000;

    private const int MaxMetrics = 40;

    public async Task ListAsync(HttpContext context)
    {
        (DateTimeOffset now, IReadOnlyList<SweepView> sweeps) = await store.SweepsAsync(context.RequestAborted);
        await DashboardJson.WriteAsync(context, new { now, sweeps });
    }

    public async Task SilosAsync(HttpContext context) => await DashboardJson.WriteAsync(
        context, new { silos = await store.SilosAsync(context.RequestAborted) });

    public async Task DetailAsync(HttpContext context)
    {
        CancellationToken cancel = context.RequestAborted;
        SweepView sweep = await store.SweepAsync(Id(context), cancel);
        SweepShape shape = await store.ShapeAsync(sweep.Id, cancel);
        SweepSpec spec = await store.SpecAsync(sweep.Id, cancel);
        IReadOnlyList<string> stored = await store.Statistics.MetricNamesAsync(sweep.Id, cancel);
        IReadOnlyDictionary<AttemptOutcome, int> causes = await store.Reader.CausesAsync(sweep.Id, cancel);
        SweepSummary now = await store.FindAsync(sweep.Id, cancel);
        IReadOnlyList<JudgedLook> looks = now.Looks == 0 ? [] : await store.Reader.LooksAsync(sweep.Id, cancel);
        await DashboardJson.WriteAsync(context, new
        {
            sweep.Id,
            sweep.Name,
            sweep.State,
            sweep.Submitted,
            sweep.Total,
            sweep.Queued,
            sweep.Running,
            sweep.Completed,
            sweep.Failed,
            sweep.Cancelled,
            sweep.Held,
            sweep.Pruned,
            race = RaceWords.Stand(now, looks),
            tuning = TuningWords.Stand(now, looks),
            sweep.Waits,
            sweep.Note,
            sweep.Fraction,
            sweep.TrialsPerMinute,
            sweep.EtaSeconds,
            source = spec.Source,
            axes = spec.Axes.Select(a => new { a.Name, values = a.Values.Select(v => new { label = SweepShape.Label(v), value = v }) }),
            seeds = spec.Seeds,
            baseline_axis = spec.Compare.Axis,
            baseline = SweepShape.Label(spec.Compare.Baseline),
            metric = spec.Compare.Metric,
            metrics = MetricWords.Of(spec.NamedMetrics().Concat(stored)).Select(m => new { m.Name, m.Label, m.Unit, m.Better, m.Explanation }),
            causes = causes.ToDictionary(c => CauseWord(c.Key), c => c.Value, StringComparer.Ordinal),
            expectations = spec.Expectations.Count,
            group_size = shape.GroupSize,
        });
    }

    public async Task GridAsync(HttpContext context)
    {
        SweepSummary sweep = await store.FindAsync(Id(context), context.RequestAborted);
        string[]? metrics = Metrics(context);
        IReadOnlySet<int> damaged = await DamagedAsync(sweep, context.RequestAborted);
        Answer answer = await cache.GetAsync(
            $"grid {sweep.Id} {string.Join(',', metrics ?? ["*"])}", $"{Stamp(sweep)} {damaged.Count}", () =>
                GridAsync(sweep, metrics, damaged), context.RequestAborted);
        await answer.WriteAsync(context);
    }

    public async Task PointsAsync(HttpContext context)
    {
        SweepSummary sweep = await store.FindAsync(Id(context), context.RequestAborted);
        string[]? metrics = Metrics(context);
        IReadOnlySet<int> damaged = await DamagedAsync(sweep, context.RequestAborted);
        Answer answer = await cache.GetAsync(
            $"points {sweep.Id} {string.Join(',', metrics ?? ["*"])}", $"{sweep.Completed} {damaged.Count}", () => PointsAsync(sweep, metrics, damaged),
            context.RequestAborted);
        await answer.WriteAsync(context);
    }

    public async Task FailuresAsync(HttpContext context)
    {
        SweepSummary sweep = await store.FindAsync(Id(context), context.RequestAborted);
        Answer answer = await cache.GetAsync($"failures {sweep.Id}", Stamp(sweep), () => FailuresAsync(sweep), context.RequestAborted);
        await answer.WriteAsync(context);
    }

    public static string Id(HttpContext context) => (string)context.Request.RouteValues["sweep"]!;

    public static string CauseWord(AttemptOutcome cause) => cause == AttemptOutcome.OutOfMemory ? "out_of_memory" : cause.ToString().ToLowerInvariant();

    /// <summary>Changes whenever any trial changes state.</summary>
    private static string Stamp(SweepSummary s) => $"{s.Queued} {s.Running} {s.Completed} {s.Failed} {s.Cancelled} {s.Held} {s.Pruned}";

    private static string[]? Metrics(HttpContext context)
    {
        if (context.Request.Query["metrics"].ToString() is not { Length: > 0 } given)
            return null;
        string[] names = given.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return names.Length <= MaxMetrics && names.All(n => n.Length <= 100)
            ? names : throw new ApiException(StatusCodes.Status400BadRequest,
                $"metrics: {names.Length} of them; allowed: at most {MaxMetrics} names of at most 100 characters");
    }

    /// <summary>
    /// What the store's sums can't see. The report reads and checks every result; a small sweep's is waited for, that of a larger one is taken into account
    /// once it is there.
    /// </summary>
    private async Task<IReadOnlySet<int>> DamagedAsync(SweepSummary sweep, CancellationToken cancellationToken)
    {
        if (sweep.Total <= SmallGrid)
            await reports.ReadyAsync(sweep, whole: false, cancellationToken);
        return reports.Damaged(sweep.Id);
    }

    /// <summary>Beside a log-likelihood its gap, which is on one scale for all data sets.</summary>
    private static string[] WithGap(IEnumerable<string> metrics)
    {
        string[] names = [.. metrics.Distinct(StringComparer.Ordinal)];
        return names.Contains(LogLikelihood.Key) && !names.Contains(LogLikelihoodGap.Key) ? [.. names, LogLikelihoodGap.Key] : names;
    }

    private async Task<byte[]> GridAsync(SweepSummary sweep, string[]? given, IReadOnlySet<int> damaged)
    {
        SweepShape shape = await store.ShapeAsync(sweep.Id, CancellationToken.None);
        IReadOnlyList<GroupCount> counts = await store.Statistics.GroupsAsync(sweep.Id, shape.GroupSize, CancellationToken.None);
        string[] metrics = WithGap(given
            ?? (sweep.Total <= SmallGrid ? [.. await store.Statistics.MetricNamesAsync(sweep.Id, CancellationToken.None)] : []));
        IReadOnlyList<GroupMean> means = sweep.Completed == 0 || metrics.Length == 0 ? []
            : await store.Statistics.MeansAsync(sweep.Id, shape.GroupSize, metrics, CancellationToken.None);
        Dictionary<int, GridCell> cells = [];
        foreach (GroupCount count in counts.Where(c => c.Group < shape.Spec.Places.Count))
        {
            if (!cells.TryGetValue(count.Group, out GridCell? cell))
                cells[count.Group] = cell = new GridCell { Key = shape.KeyOfGroup(count.Group) };
            cell.Add(count.State, count.Count);
        }

        foreach (GroupMean mean in means)
        {
            if (cells.TryGetValue(mean.Group, out GridCell? cell))
                cell.Metrics[mean.Metric] = mean.Mean;
        }

        ILookup<int, CompletedTrial>? sound = damaged.Count == 0 ? null : reports.Results(sweep.Id).ToLookup(r => r.Key / shape.GroupSize, r => r.Value);
        foreach (int group in damaged.Where(o => o < shape.Spec.ComparedCount).Select(o => o / shape.GroupSize).Distinct())
        {
            if (cells.TryGetValue(group, out GridCell? cell))
                cell.Replace(metrics, [.. sound![group]]);
        }

        return DashboardJson.Bytes(new { axes = shape.Names.Append(SweepShape.Seed), cells = cells.OrderBy(c => c.Key).Select(c => c.Value) });
    }

    private async Task<byte[]> PointsAsync(SweepSummary sweep, string[]? given, IReadOnlySet<int> damaged)
    {
        SweepShape shape = await store.ShapeAsync(sweep.Id, CancellationToken.None);
        string[] metrics = WithGap(given ?? [.. await store.Statistics.MetricNamesAsync(sweep.Id, CancellationToken.None)]);
        IReadOnlyList<MetricPoints> points = await store.Statistics.PointsAsync(sweep.Id, metrics, MaxPoints, CancellationToken.None);
        IEnumerable<object?[]> rows = points.Where(p => !damaged.Contains(p.Ordinal) && p.Ordinal < shape.Spec.ComparedCount)
            .Take(MaxPoints).Select(
            p => (object?[])[.. shape.Labels(p.Ordinal), shape.SeedOf(p.Ordinal), .. p.Values.Cast<object?>()]);

        // Sampling may return a few rows too many.
        return DashboardJson.Bytes(new { axes = shape.Names, metrics, total = sweep.Completed, sampled = sweep.Completed > MaxPoints, rows });
    }

    private async Task<byte[]> FailuresAsync(SweepSummary sweep)
    {
        IReadOnlyList<TroubledAttempt> troubled = await store.Statistics.TroubledAsync(sweep.Id, MaxFailedAttempts, CancellationToken.None);
        return DashboardJson.Bytes(new { failures = FailureGroups.Of(troubled), sampled = troubled.Count == MaxFailedAttempts });
    }
}
