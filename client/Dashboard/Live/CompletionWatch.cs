namespace Sweep.Client.Dashboard.Live;

/// <summary>Detects newly completed trials of a sweep. Not thread-safe.</summary>
internal sealed class CompletionWatch(StoreView store, string sweepId)
{
    /// <summary>A check reads one number per completed trial: limits it to a twentieth of the time.</summary>
    private const int RestPerCost = 20, MaxIds = 50;

    private HashSet<int>? _known;
    private int _count = -1;
    private long _checked;
    private TimeSpan _cost;

    /// <summary>Ids of trials completed since the previous result, the last ones in spec order; null if there is nothing new, or not yet.</summary>
    public async Task<IReadOnlyList<string>?> NewAsync(int completed, TimeProvider time, CancellationToken cancellationToken)
    {
        if (completed == _count || (_known is not null && time.GetElapsedTime(_checked) < _cost * RestPerCost))
            return null;
        long began = time.GetTimestamp();
        IReadOnlyList<int> ordinals = await store.Statistics.CompletedOrdinalsAsync(sweepId, cancellationToken);
        int[] news = _known is null ? [] : [.. ordinals.Where(o => !_known.Contains(o))];
        bool first = _known is null;
        _known = [.. ordinals];
        IReadOnlyList<string> ids = await store.Statistics.TrialIdsAsync(sweepId, [.. news.TakeLast(MaxIds)], cancellationToken);
        _count = ordinals.Count;
        _checked = time.GetTimestamp();
        _cost = time.GetElapsedTime(began);
        return first ? [] : ids;
    }
}
