namespace Sweep.Client.Dashboard.Live;

/// <summary>Which trials of a sweep have completed since the last look. Not thread-safe.</summary>
internal sealed class CompletionWatch(StoreView store, string sweepId)
{
    /// <summary>Looking reads one number per completed trial: at most a twentieth of the time goes into it.</summary>
    private const int TimesItsCost = 20, MostIds = 50;

    private HashSet<int>? _known;
    private int _count = -1;
    private long _looked;
    private TimeSpan _cost;

    /// <summary>The ids of trials that completed since the last answer, the latest in spec order; null when there is nothing to say (yet).</summary>
    public async Task<IReadOnlyList<string>?> NewAsync(int completed, TimeProvider time, CancellationToken cancellationToken)
    {
        if (completed == _count || (_known is not null && time.GetElapsedTime(_looked) < _cost * TimesItsCost))
            return null;
        long began = time.GetTimestamp();
        IReadOnlyList<int> ordinals = await store.Statistics.CompletedOrdinalsAsync(sweepId, cancellationToken);
        int[] news = _known is null ? [] : [.. ordinals.Where(o => !_known.Contains(o))];
        bool first = _known is null;
        _known = [.. ordinals];
        IReadOnlyList<string> ids = await store.Statistics.TrialIdsAsync(sweepId, [.. news.TakeLast(MostIds)], cancellationToken);
        _count = ordinals.Count;
        _looked = time.GetTimestamp();
        _cost = time.GetElapsedTime(began);
        return first ? [] : ids;
    }
}
