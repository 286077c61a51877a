using System.Runtime.CompilerServices;
using System.Text.Json;
using Orleans.Concurrency;
using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Coordination;
using Sweep.Grains.Storage;
using Sweep.Grains.Orleans.Shells;
using Sweep.Grains.Orleans.Wire;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Orleans.Aggregation;

/// <summary>
/// See <see cref="IAggregatorGrain"/>. Reentrant: news comes in while it reads or compares. What takes long (expanding the spec, comparing) is done on the
/// thread pool, on what is not changed meanwhile; all else runs on the activation's scheduler.
/// </summary>
[Reentrant]
public sealed class AggregatorGrain(StoreHub hub, TimeProvider time) : Grain, IAggregatorGrain
{
    private const int PageOfResults = 500;
    private const int RestForEachComputing = 9;
    private static readonly TimeSpan AskForNewsEvery = SweepShell.NewsFor / 3;
    private static readonly TimeSpan LeastRest = TimeSpan.FromMilliseconds(250);

    private string _sweepId = "";
    private SqlSweeps _store = null!;
    private SweepAggregate? _aggregate;
    private (int Completed, IReadOnlyList<ComparisonSection> Comparisons, FamilySection Family, long At, TimeSpan Took)? _compared;
    private TaskCompletionSource _news = New();
    private Task? _catchingUp;
    private Task? _comparing;
    private int _read;
    private long? _askedForNews;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        (string storeKey, _sweepId) = GrainKeys.Split(this.GetPrimaryKeyString());
        _store = hub.Coordinator(storeKey);
        return Task.CompletedTask;
    }

    public async Task<WireComparisons> ComparisonsAsync(WireCompare wanted)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        await CatchUpAsync();
        if (_compared is null || _compared.Value.Completed != _aggregate!.Count)
            await (_comparing ??= CompareAsync());
        return Answer(wanted);
    }

    public async IAsyncEnumerable<WireComparisons> FollowAsync(WireCompare wanted, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        int said = -1;
        while (true)
        {
            Task news = _news.Task;

            // What was not told is read, and this asks to be told further.
            await CatchUpAsync();
            if (Rest() is { Ticks: > 0 } rest && _compared is not null)
            {
                await Task.Delay(rest, time, cancellationToken);
                continue;
            }

            if (_compared is null || _compared.Value.Completed != _aggregate!.Count)
                await (_comparing ??= CompareAsync());
            if (_compared!.Value.Completed != said)
            {
                said = _compared.Value.Completed;
                yield return Answer(wanted);
                continue;
            }

            await Task.WhenAny(news, Task.Delay(AskForNewsEvery, time, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>How long to wait before the next comparison, however many follow.</summary>
    private TimeSpan Rest()
    {
        if (_compared is not { } last)
            return TimeSpan.Zero;
        TimeSpan rest = last.Took * RestForEachComputing;
        return (rest > LeastRest ? rest : LeastRest) - time.GetElapsedTime(last.At);
    }

    private WireComparisons Answer(WireCompare wanted)
    {
        (int completed, IReadOnlyList<ComparisonSection> comparisons, FamilySection family, long at, _) = _compared!.Value;
        ComparisonSection[] fitting = [.. comparisons.Where(c => wanted.Metric is null || c.Metric == wanted.Metric)];
        ComparisonSection[] averaged = wanted.Averaged ? [.. fitting.Where(c => c.AveragedOver.Count > 0)] : [];
        return new WireComparisons
        {
            Completed = completed, Read = _read, Test = family.Test, Adjusted = family.Comparisons,
                AgeMilliseconds = (long)time.GetElapsedTime(at).TotalMilliseconds,
            Comparisons = [.. (averaged.Length > 0 ? averaged : fitting).Take(wanted.MaxComparisons).Select(WireComparison.Of)],
        };
    }

    public async Task<WireGroup[]> GroupsAsync(int skip, int take)
    {
        await CatchUpAsync();
        SweepAggregate aggregate = _aggregate!;
        return
        [
            .. Enumerable.Range(0, aggregate.Groups).Skip(skip).Take(take).Where(g => aggregate.Group(g).Seeds > 0).Select(g => new WireGroup
            {
                Axes = aggregate.First(g).Axes.ToJsonString(),
                Seeds = aggregate.Group(g).Seeds,
                Headline = WireMoments.Of(aggregate.Group(g).Headline),
                Difference = WireMoments.Of(aggregate.Group(g).Difference),
                LogLikelihood = [.. aggregate.Group(g).LogLikelihood.Select(m => m.Mean)],
            }),
        ];
    }

    public Task CompletedAsync(WireFinished[] finished)
    {
        // Before it has read anything, it will read these too.
        if (_aggregate is null)
            return Task.CompletedTask;
        foreach (WireFinished trial in finished)
            _aggregate.Add(trial.Ordinal, trial.Result.ToResult());
        TaskCompletionSource before = _news;
        _news = New();
        before.SetResult();
        return Task.CompletedTask;
    }

    /// <summary>Concurrent callers wait for the same one.</summary>
    private async Task CatchUpAsync()
    {
        try
        {
            await (_catchingUp ??= ReadAsync());
        }
        catch (Exception e) when (e is ArgumentException or StoreException)
        {
            throw EngineException.Of(e);
        }
        catch (JsonException e)
        {
            throw new EngineException(EngineFault.Argument, $"sweep {_sweepId} can't be compared: {e.Message}");
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            // So that it is known as under way before it ends.
            await Task.Yield();

            // In this order: what completes from here on is told or read.
            await AskForNewsAsync();
            int before = _aggregate?.Count ?? 0;
            SweepSummary sweep = await _store.FindAsync(_sweepId, CancellationToken.None)
                ?? throw new ArgumentException($"no such sweep: {_sweepId}; allowed: the id of a sweep in the store");
            if (_aggregate is null || sweep.Completed < before || (_aggregate.IsProvisional && sweep.Look == 0))
            {
                // The second: the store was replaced by an older one. The third: what is compared is known now.
                (string resolved, string source) = await _store.SpecAsync(_sweepId, CancellationToken.None);
                _aggregate = await Task.Run(() => new SweepAggregate(SweepSpecJson.Restore(resolved, source)));
                (_compared, _read) = (null, 0);
            }

            if (sweep.Completed <= _aggregate.Count)
                return;
            int[] missing = [.. (await _store.CompletedOrdinalsAsync(_sweepId, CancellationToken.None)).Where(o => !_aggregate.Has(o))];
            foreach (int[] page in missing.Chunk(PageOfResults))
            {
                foreach ((int ordinal, TrialResult result) in await _store.ResultsAsync(_sweepId, page, [.. _aggregate.Needs.Curves], CancellationToken.None))
                {
                    _aggregate.Add(ordinal, result);
                    _read++;
                }
            }
        }
        finally
        {
            _catchingUp = null;
        }
    }

    private async Task CompareAsync()
    {
        try
        {
            await Task.Yield();
            SweepAggregate aggregate = _aggregate!;
            CompletedTrial[] completed = aggregate.Snapshot();
            IReadOnlyList<JudgedLook> looks = aggregate.Spec.Race is null ? [] : await _store.LooksAsync(_sweepId, CancellationToken.None);
            long began = time.GetTimestamp();
            (IReadOnlyList<ComparisonSection> comparisons, FamilySection family) =
                await Task.Run(() => SweepAggregate.Compare(aggregate.Spec, completed, looks));
            _compared = (completed.Length, comparisons, family, time.GetTimestamp(), time.GetElapsedTime(began));
        }
        finally
        {
            _comparing = null;
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>From now on the sweep's grain tells of what completes, until nobody has asked for a while.</summary>
    private async Task AskForNewsAsync()
    {
        if (_askedForNews is { } at && time.GetElapsedTime(at) < AskForNewsEvery)
            return;
        await GrainFactory.GetGrain<ISweepGrain>(this.GetPrimaryKeyString()).TellAggregatorAsync();
        _askedForNews = time.GetTimestamp();
    }
}
