using Orleans.Concurrency;
using Sweep.Grains.Orleans.Wire;

namespace Sweep.Grains.Orleans.Aggregation;

/// <summary>
/// One per sweep that somebody looks at: keeps up with its results and answers how the comparisons stand. Reads every result at most once; while it is asked,
/// the sweep's grain tells it of new ones. Lost with its silo, it is put together again from the store at the next question. Its key is that of the sweep's
/// grain. Methods that answer throw <see cref="EngineException"/>.
/// </summary>
[Alias("sweep.IAggregatorGrain")]
public interface IAggregatorGrain : IGrainWithStringKey
{
    /// <summary>What the report would say if it were written now: its own code on the same numbers.</summary>
    [Alias("comparisons.1")]
    Task<WireComparisons> ComparisonsAsync(WireCompare wanted);

    /// <summary>
    /// The same, and again as they firm up, for as long as somebody follows. Comparing takes a tenth of one core at most, whatever the sweep's size, so the
    /// answers say how old they are. A slow reader gets the newest. May end with <see cref="EnumerationAbortedException"/>: to be begun again.
    /// </summary>
    [Alias("follow.1")]
    IAsyncEnumerable<WireComparisons> FollowAsync(WireCompare wanted, CancellationToken cancellationToken = default);

    /// <summary>Groups with a completed trial, in the spec's order.</summary>
    /// <param name="skip">Of all groups of the sweep, begun or not.</param>
    [Alias("groups.1")]
    Task<WireGroup[]> GroupsAsync(int skip, int take);

    /// <summary>Trials have completed, and that is committed. May be lost: what is missing is read.</summary>
    [OneWay]
    [Alias("completed.1")]
    Task CompletedAsync(WireFinished[] finished);
}
