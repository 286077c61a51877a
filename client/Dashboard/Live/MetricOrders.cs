using Sweep.Grains.Coordination;

namespace Sweep.Client.Dashboard.Live;

/// <summary>
/// Pages of trials sorted by a metric. The store would read every result for each page; here a metric's values are read once, later completions are added, and
/// only a page's own trials are fetched. Keeps at most 64 MB, the most recently used metrics. Thread-safe.
/// </summary>
internal sealed class MetricOrders(StoreView store, LiveReports reports)
{
    private const long MaxBytes = 64L << 20;

    /// <summary>Rows that the store returns by ordinal in one call.</summary>
    private const int MaxAtOnce = 1000;

    /// <summary>If more are new, all are read again in one query.</summary>
    private const int MaxAdded = 5000;

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Sweep, string Metric), MetricOrder> _orders = [];
    private long _uses;

    /// <summary>Whether this class can answer a query: sorted by a metric, without filters that need the store.</summary>
    public static bool Fits(SweepSummary sweep, TrialQuery query) =>
        query is { SortBy: not (null or "cost" or "attempts"), IdPrefix: null, Where.Count: 0, State: null or TrialStatus.Completed, Take: <= MaxAtOnce }
        && MetricOrder.BytesOf(sweep.Total) <= MaxBytes;

    public async Task<IReadOnlyList<TrialSummary>> PageAsync(SweepSummary sweep, TrialQuery query, CancellationToken cancellationToken)
    {
        MetricOrder order = OrderOf(sweep, query.SortBy!);
        await order.Gate.WaitAsync(cancellationToken);
        int[] page;
        try
        {
            if (order.Known != sweep.Completed)
                await AddAsync(order, sweep.Id, query.SortBy!, cancellationToken);
            page = order.Page(query);
        }
        finally
        {
            order.Gate.Release();
        }

        if (page.Length == 0)
            return [];
        int[] ascending = [.. page.Order()];
        IReadOnlyList<TrialSummary> trials = await store.Reader.TrialsAsync(sweep.Id, new TrialQuery { Ordinals = ascending }, cancellationToken);

        // In a damaged store rows may be missing: let the store order those that exist.
        if (trials.Count != ascending.Length)
            return await store.Reader.TrialsAsync(sweep.Id, query, cancellationToken);
        Dictionary<int, TrialSummary> byOrdinal = ascending.Zip(trials).ToDictionary(p => p.First, p => p.Second);
        return [.. page.Select(o => byOrdinal[o])];
    }

    private MetricOrder OrderOf(SweepSummary sweep, string metric)
    {
        lock (_lock)
        {
            if (!_orders.TryGetValue((sweep.Id, metric), out MetricOrder? order))
                _orders[(sweep.Id, metric)] = order = new MetricOrder(sweep.Total);
            order.Used = ++_uses;
            foreach (((string, string) key, MetricOrder old) in _orders.OrderBy(o => o.Value.Used).ToList())
            {
                if (_orders.Values.Sum(o => o.Bytes) <= MaxBytes)
                    break;
                if (old != order)
                    _orders.Remove(key);
            }

            return order;
        }
    }

    /// <summary>Adds values of newly completed trials; those in a live report are in memory already.</summary>
    private async Task AddAsync(MetricOrder order, string sweepId, string metric, CancellationToken cancellationToken)
    {
        if (order.Known == 0)
        {
            foreach ((int ordinal, CompletedTrial trial) in reports.Results(sweepId))
                order.Add(ordinal, trial.Result.Metrics.GetValueOrDefault(metric)?.Value);
        }

        int[] added = [.. (await store.Statistics.CompletedOrdinalsAsync(sweepId, cancellationToken)).Where(o => !order.Knows(o))];
        if (added.Length > MaxAdded)
        {
            foreach (MetricPoints point in await store.Statistics.PointsAsync(sweepId, [metric], int.MaxValue, cancellationToken))
                order.Add(point.Ordinal, point.Values[0]);
            return;
        }

        foreach (int[] some in added.Chunk(MaxAtOnce))
        {
            foreach ((int ordinal, TrialResult result) in await store.Statistics.ResultsAsync(sweepId, some, [], cancellationToken))
                order.Add(ordinal, result.Metrics.GetValueOrDefault(metric)?.Value);
        }
    }
}
