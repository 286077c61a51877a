using System.Collections.Concurrent;
using Sweep.Client.Cluster;
using Sweep.Client.Dashboard.Api;
using Sweep.Client.Dashboard.Live;
using Sweep.Client.Terminal;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Client.Dashboard;

/// <summary>The dashboard's view of an open store. Thread-safe.</summary>
/// <param name="shown">Its address, without the password.</param>
/// <param name="run">An embedded run's folder; null for a cluster's.</param>
internal sealed class StoreView(ISweepOperations operations, ISweepReader reader, ISweepStatistics statistics, string shown, RunDirectory? run)
{
    /// <summary>Running trials shown on the silos page; a cluster may have more.</summary>
    private const int MaxRunning = 2000;

    /// <summary>Specs don't change, except for their expectations.</summary>
    private const int MaxShapes = 64;

    private const int MaxIdLength = 64;

    private readonly PaceBook _paces = new();
    private readonly ConcurrentDictionary<string, SweepShape> _shapes = new(StringComparer.Ordinal);

    /// <param name="store">Closed by whoever opened it.</param>
    public StoreView(RunStore store, RunDirectory? run)
        : this(store.Operations, store.Reader, store.Statistics, store.Shown, run)
    {
    }

    /// <summary>Of all runs below <c>runs/</c>.</summary>
    public StoreView(ManyRuns runs)
        : this(runs, runs, runs, ManyRuns.Shown, null) => Runs = runs;

    /// <summary>The runs that are served together; null of one folder, and of a cluster.</summary>
    private ManyRuns? Runs { get; }

    /// <summary>The answers of sweeps that are done; null where nobody makes them.</summary>
    public AnswerBook? Answers { get; set; }

    /// <summary>What only silos know, as it happens; null of a folder whose run is another process, or none.</summary>
    public LiveSource? Live { get; init; }

    public ISweepOperations Operations => operations;

    public ISweepReader Reader => reader;

    public ISweepStatistics Statistics => statistics;

    /// <summary>The one folder that is served; null of a cluster, and of several folders.</summary>
    public RunDirectory? Run => run;

    /// <summary>The folder of a sweep; null of a cluster's.</summary>
    public RunDirectory? RunOf(string sweepId) => run ?? Runs?.RunOf(sweepId);

    /// <summary>Without the password.</summary>
    public string Shown => shown;

    public async Task<(DateTimeOffset Now, IReadOnlyList<SweepView> Sweeps)> SweepsAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = await Statistics.NowAsync(cancellationToken);
        IReadOnlyDictionary<string, SweepPace> paces = await Statistics.PaceAsync(cancellationToken);
        IReadOnlyList<SweepSummary> sweeps = await Reader.ListAsync(cancellationToken);
        return (now, [.. sweeps.Select(s => View(s, paces, now)).Reverse()]);
    }

    /// <summary>A sweep by id or name.</summary>
    /// <exception cref="ApiException">There is none.</exception>
    public async Task<SweepView> SweepAsync(string id, CancellationToken cancellationToken)
    {
        SweepSummary sweep = await FindAsync(id, cancellationToken);
        DateTimeOffset now = await Statistics.NowAsync(cancellationToken);
        return View(sweep, await Statistics.PaceAsync(cancellationToken), now);
    }

    /// <exception cref="ApiException">There is none.</exception>
    public async Task<SweepSummary> FindAsync(string id, CancellationToken cancellationToken) =>
        await Reader.FindAsync(id, cancellationToken) ?? throw new ApiException(
            404, $"no sweep: {Words.Clean(id)}; allowed: the id of one that GET /api/sweeps lists");

    /// <exception cref="ApiException">One of them is no trial of the sweep.</exception>
    public async Task RequireTrialsAsync(string sweepId, IEnumerable<string?> ids, CancellationToken cancellationToken)
    {
        foreach (string? id in ids)
        {
            bool there = id is { Length: > 0 and <= MaxIdLength } && id.All(char.IsAsciiLetterOrDigit)
                && (await Reader.TrialsAsync(sweepId, new TrialQuery { IdPrefix = id, Take = 1 }, cancellationToken)).Any(t => t.Trial.Id == id);
            if (!there)
                throw NoTrial(id ?? "null");
        }
    }

    /// <summary>For a trial that there isn't.</summary>
    public static ApiException NoTrial(string asked) => new(404, $"no trial: {Words.Clean(asked)}; allowed: an id that GET /api/sweeps/ID/trials lists");

    /// <summary>A sweep's spec as currently stored.</summary>
    public async Task<SweepSpec> SpecAsync(string sweepId, CancellationToken cancellationToken)
    {
        (string resolved, string source) = await Reader.SpecAsync(sweepId, cancellationToken);
        return SweepSpecJson.Restore(resolved, source);
    }

    public async Task<SweepShape> ShapeAsync(string sweepId, CancellationToken cancellationToken)
    {
        if (_shapes.TryGetValue(sweepId, out SweepShape? shape))
            return shape;
        shape = new SweepShape(await SpecAsync(sweepId, cancellationToken));

        // Its trials are others once it has chosen.
        if (shape.Spec is { Tune: not null, Tuned: null })
            return shape;
        if (_shapes.Count >= MaxShapes)
            _shapes.Clear();
        return _shapes[sweepId] = shape;
    }

    public async Task<IReadOnlyList<SiloView>> SilosAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = await Statistics.NowAsync(cancellationToken);
        IReadOnlyList<SiloSummary> silos = await Reader.SilosAsync(cancellationToken);
        ILookup<string, RunningAttemptSummary> running = (await Statistics.RunningAsync(MaxRunning, cancellationToken))
            .ToLookup(r => r.Silo, StringComparer.Ordinal);
        return [.. silos.Select(s => SiloView.Of(s, running[s.Id], now))];
    }

    public async Task<IReadOnlyList<TrialView>> RunningAsync(string sweepId, int most, CancellationToken cancellationToken) =>
        [.. (await Reader.TrialsAsync(sweepId, TrialStatus.Running, 0, most, cancellationToken)).Select(TrialView.Of)];

    private SweepView View(SweepSummary sweep, IReadOnlyDictionary<string, SweepPace> paces, DateTimeOffset now)
    {
        SweepPace? pace = paces.GetValueOrDefault(sweep.Id);
        return SweepView.Of(sweep, pace, _paces.Estimate(sweep, pace, now)) with { Answer = Answers?.Of(sweep), Where = Runs?.RunOf(sweep.Id)?.Shown };
    }
}
