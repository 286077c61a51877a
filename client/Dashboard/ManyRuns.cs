using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Sweep.Client.Terminal;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Client.Dashboard;

/// <summary>
/// The runs below <c>runs/</c> as one store: what concerns a sweep goes to its folder. Folders that are made or deleted meanwhile are noticed whenever the
/// sweeps are listed; one that can't be read is left out and said. Thread-safe.
/// </summary>
/// <param name="time">For stores that are opened, and as the common clock.</param>
/// <param name="log">Told once of each folder that can't be read.</param>
internal sealed class ManyRuns(TimeProvider time, TextWriter log) : ISweepOperations, ISweepReader, ISweepStatistics
{
    private readonly SemaphoreSlim _looking = new(1);
    private readonly Dictionary<string, OpenRun> _open = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, OpenRun> _sweeps = new(StringComparer.Ordinal);
    private readonly HashSet<string> _said = new(StringComparer.Ordinal);

    /// <summary>What is served, in words.</summary>
    public const string Shown = "runs/";

    /// <summary>The folder of a sweep; null if there is none of this id.</summary>
    public RunDirectory? RunOf(string sweepId) => _sweeps.GetValueOrDefault(sweepId)?.Folder;

    public async Task<IReadOnlyList<SweepSummary>> ListAsync(CancellationToken cancellationToken)
    {
        await _looking.WaitAsync(cancellationToken);
        try
        {
            await LookAsync();
            List<SweepSummary> all = [];
            foreach (OpenRun run in _open.Values)
            {
                IReadOnlyList<SweepSummary> own;
                try
                {
                    own = await run.Store.Reader.ListAsync(cancellationToken);
                }
                catch (StoreException e)
                {
                    Say(run.Folder, e);
                    continue;
                }

                foreach (SweepSummary sweep in own)
                {
                    if (_sweeps.GetOrAdd(sweep.Id, run) == run)
                        all.Add(sweep);
                    else
                        Say(run.Folder, $"holds the same sweep as {_sweeps[sweep.Id].Folder.Shown}, which is shown");
                }
            }

            return [.. all.OrderBy(s => s.Submitted)];
        }
        finally
        {
            _looking.Release();
        }
    }

    public async Task<SweepSummary?> FindAsync(string nameOrId, CancellationToken cancellationToken)
    {
        if (_sweeps.TryGetValue(nameOrId, out OpenRun? known))
            return await known.Store.Reader.FindAsync(nameOrId, cancellationToken);
        IReadOnlyList<SweepSummary> all = await ListAsync(cancellationToken);
        return all.FirstOrDefault(s => s.Id == nameOrId) ?? all.LastOrDefault(s => s.Name == nameOrId);
    }

    public async Task<(string ResolvedJson, string Source)> SpecAsync(string sweepId, CancellationToken cancellationToken) =>
        await (await OfAsync(sweepId, cancellationToken)).Reader.SpecAsync(sweepId, cancellationToken);

    public async Task<IReadOnlyList<TrialSummary>> TrialsAsync(
        string sweepId, TrialStatus? state, int skip, int take, CancellationToken cancellationToken) =>
        await (await OfAsync(sweepId, cancellationToken)).Reader.TrialsAsync(sweepId, state, skip, take, cancellationToken);

    public async Task<IReadOnlyList<TrialSummary>> TrialsAsync(string sweepId, TrialQuery query, CancellationToken cancellationToken) =>
        await (await OfAsync(sweepId, cancellationToken)).Reader.TrialsAsync(sweepId, query, cancellationToken);

    public async Task<IReadOnlyDictionary<AttemptOutcome, int>> CausesAsync(string sweepId, CancellationToken cancellationToken) =>
        await (await OfAsync(sweepId, cancellationToken)).Reader.CausesAsync(sweepId, cancellationToken);

    public async Task<TrialDetail?> TrialAsync(string sweepId, string trialIdOrPrefix, CancellationToken cancellationToken) =>
        await (await OfAsync(sweepId, cancellationToken)).Reader.TrialAsync(sweepId, trialIdOrPrefix, cancellationToken);

    public async IAsyncEnumerable<CompletedTrial> CompletedAsync(
        string sweepId, Action<DamagedTrial>? damaged, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (CompletedTrial trial in (await OfAsync(sweepId, cancellationToken)).Reader.CompletedAsync(sweepId, damaged, cancellationToken))
            yield return trial;
    }

    public async Task<IReadOnlyList<JudgedLook>> LooksAsync(string sweepId, CancellationToken cancellationToken) =>
        await (await OfAsync(sweepId, cancellationToken)).Reader.LooksAsync(sweepId, cancellationToken);

    public async Task<IReadOnlyList<RequestRecord>> RequestsAsync(string sweepId, int most, CancellationToken cancellationToken) =>
        await (await OfAsync(sweepId, cancellationToken)).Reader.RequestsAsync(sweepId, most, cancellationToken);

    public async Task<byte[]?> FileAsync(string sha256, CancellationToken cancellationToken)
    {
        foreach (RunStore store in Stores())
        {
            if (await store.Reader.FileAsync(sha256, cancellationToken) is { } content)
                return content;
        }

        return null;
    }

    /// <summary>Of folders nothing is deleted but whole ones.</summary>
    public Task<IReadOnlyList<DeletedTrial>> DeletedAsync(DeletedTrial? after, int most, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<DeletedTrial>>([]);

    public Task<IReadOnlyList<string>> FinishedAsync(IReadOnlyCollection<string> trialIds, CancellationToken cancellationToken) =>
        AllAsync(s => s.Reader.FinishedAsync(trialIds, cancellationToken));

    public async Task<IReadOnlyList<SiloSummary>> SilosAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<SiloSummary> all = await AllAsync(s => s.Reader.SilosAsync(cancellationToken));
        return [.. all.GroupBy(s => s.Id, StringComparer.Ordinal).Select(same => same.MaxBy(s => s.LastSeen)!)];
    }

    public Task<DateTimeOffset> NowAsync(CancellationToken cancellationToken) => Task.FromResult(time.GetUtcNow());

    public async Task<IReadOnlyDictionary<string, SweepPace>> PaceAsync(CancellationToken cancellationToken) =>
        (await AllAsync<KeyValuePair<string, SweepPace>>(async s => [.. await s.Statistics.PaceAsync(cancellationToken)]))
            .DistinctBy(p => p.Key, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);

    public async Task<IReadOnlyList<RunningAttemptSummary>> RunningAsync(int most, CancellationToken cancellationToken) =>
        [.. (await AllAsync(s => s.Statistics.RunningAsync(most, cancellationToken))).Take(most)];

    public async Task<int> CountAsync(string sweepId, TrialQuery query, CancellationToken cancellationToken) =>
        await (await OfAsync(sweepId, cancellationToken)).Statistics.CountAsync(sweepId, query, cancellationToken);

    public async Task<IReadOnlyList<GroupCount>> GroupsAsync(string sweepId, int groupSize, CancellationToken cancellationToken) =>
        await (await OfAsync(sweepId, cancellationToken)).Statistics.GroupsAsync(sweepId, groupSize, cancellationToken);

    public async Task<IReadOnlyList<GroupMean>> MeansAsync(
        string sweepId, int groupSize, IReadOnlyList<string> metrics, CancellationToken cancellationToken) =>
        await (await OfAsync(sweepId, cancellationToken)).Statistics.MeansAsync(sweepId, groupSize, metrics, cancellationToken);

    public async Task<IReadOnlyList<MetricPoints>> PointsAsync(
        string sweepId, IReadOnlyList<string> metrics, int most, CancellationToken cancellationToken) =>
        await (await OfAsync(sweepId, cancellationToken)).Statistics.PointsAsync(sweepId, metrics, most, cancellationToken);

    public async Task<IReadOnlyList<string>> MetricNamesAsync(string sweepId, CancellationToken cancellationToken) =>
        await (await OfAsync(sweepId, cancellationToken)).Statistics.MetricNamesAsync(sweepId, cancellationToken);

    public async Task<IReadOnlyList<TroubledAttempt>> TroubledAsync(string sweepId, int most, CancellationToken cancellationToken) =>
        await (await OfAsync(sweepId, cancellationToken)).Statistics.TroubledAsync(sweepId, most, cancellationToken);

    public async Task<IReadOnlyList<int>> CompletedOrdinalsAsync(string sweepId, CancellationToken cancellationToken) =>
        await (await OfAsync(sweepId, cancellationToken)).Statistics.CompletedOrdinalsAsync(sweepId, cancellationToken);

    public async Task<IReadOnlyDictionary<string, DateTimeOffset>> CompletionTimesAsync(string sweepId, CancellationToken cancellationToken) =>
        await (await OfAsync(sweepId, cancellationToken)).Statistics.CompletionTimesAsync(sweepId, cancellationToken);

    public async Task<IReadOnlyList<string>> TrialIdsAsync(string sweepId, IReadOnlyCollection<int> ordinals, CancellationToken cancellationToken) =>
        await (await OfAsync(sweepId, cancellationToken)).Statistics.TrialIdsAsync(sweepId, ordinals, cancellationToken);

    public async Task<IReadOnlyDictionary<int, TrialResult>> ResultsAsync(
        string sweepId, IReadOnlyCollection<int> ordinals, IReadOnlyCollection<string>? curves, CancellationToken cancellationToken) =>
        await (await OfAsync(sweepId, cancellationToken)).Statistics.ResultsAsync(sweepId, ordinals, curves, cancellationToken);

    public async Task<RequestRecord> RequestAsync(OperatorRequest request, TimeSpan patience, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.SweepId is { } sweep)
            return await (await OfAsync(sweep, cancellationToken)).Operations.RequestAsync(request, patience, cancellationToken);
        foreach (RunStore store in Stores())
        {
            if ((await store.Reader.SilosAsync(cancellationToken)).Any(s => s.Id == request.Silo))
                return await store.Operations.RequestAsync(request, patience, cancellationToken);
        }

        throw new StoreException($"no folder below {Shown} knows silo {Words.Clean(request.Silo ?? "")}");
    }

    /// <exception cref="NotSupportedException">Always: a sweep is submitted to a folder of its own.</exception>
    public Task<SubmitAnswer> SubmitAsync(SweepSpec sweep, IEnumerable<PlannedTrial> trials, CancellationToken cancellationToken) => throw OfItsOwn();

    /// <exception cref="NotSupportedException">Always.</exception>
    public Task<SubmitAnswer> ContinueAsync(string sweepId, SweepSpec sweep, IEnumerable<PlannedTrial> trials, CancellationToken cancellationToken) =>
        throw OfItsOwn();

    /// <exception cref="NotSupportedException">Always.</exception>
    public Task StoreFileAsync(string sha256, byte[] content, CancellationToken cancellationToken) => throw OfItsOwn();

    public async ValueTask DisposeAsync()
    {
        await _looking.WaitAsync();
        foreach (OpenRun run in _open.Values)
            await run.Store.DisposeAsync();
        _open.Clear();
        _looking.Dispose();
    }

    private static NotSupportedException OfItsOwn() => new("a sweep is submitted to a folder of its own");

    /// <summary>Opens what is new and closes what is gone. Called by one at a time.</summary>
    private async Task LookAsync()
    {
        RunDirectory[] there = [.. RunDirectory.All()];
        foreach (string gone in _open.Keys.Except(there.Select(r => r.FullPath), StringComparer.Ordinal).ToList())
        {
            OpenRun run = _open[gone];
            lock (_open)
                _open.Remove(gone);
            foreach ((string sweep, _) in _sweeps.Where(s => s.Value == run))
                _sweeps.TryRemove(sweep, out _);
            await run.Store.DisposeAsync();
        }

        foreach (RunDirectory run in there.Where(r => !_open.ContainsKey(r.FullPath)))
        {
            try
            {
                var open = new OpenRun(run, RunStore.Open(run, time));
                lock (_open)
                    _open[run.FullPath] = open;
            }
            catch (StoreException e)
            {
                Say(run, e);
            }
        }
    }

    private async Task<RunStore> OfAsync(string sweepId, CancellationToken cancellationToken)
    {
        if (!_sweeps.ContainsKey(sweepId))
            await ListAsync(cancellationToken);
        return _sweeps.GetValueOrDefault(sweepId)?.Store ?? throw new StoreException($"no folder below {Shown} holds sweep {Words.Clean(sweepId)} any more");
    }

    private RunStore[] Stores()
    {
        lock (_open)
            return [.. _open.Values.Select(r => r.Store)];
    }

    private async Task<IReadOnlyList<T>> AllAsync<T>(Func<RunStore, Task<IReadOnlyList<T>>> read)
    {
        List<T> all = [];
        foreach (RunStore store in Stores())
        {
            try
            {
                all.AddRange(await read(store));
            }
            catch (StoreException)
            {
                // Said when the sweeps are listed.
            }
        }

        return all;
    }

    private void Say(RunDirectory run, StoreException e) => Say(run, e.Message);

    private void Say(RunDirectory run, string why)
    {
        string line = $"left out: {run.Shown}: {Words.Clean(why)}";
        if (_said.Add(line))
            log.WriteLine(line);
    }

    private sealed record OpenRun(RunDirectory Folder, RunStore Store);
}
