using System.Runtime.CompilerServices;
using Sweep.Grains.Coordination;
using Sweep.Grains.Orleans.Aggregation;
using Sweep.Grains.Orleans.Attempts;
using Sweep.Grains.Orleans.Wire;

namespace Sweep.Grains.Orleans;

/// <summary>Live streams of grains that go on where they were, whatever becomes of the grain's silo: from the last point seen, without gap or repeat.</summary>
/// <param name="grains">The cluster, as this process sees it now.</param>
/// <param name="key">The store's key.</param>
public sealed class LiveStreams(Func<IGrainFactory> grains, string key, TimeProvider time)
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(500);

    /// <summary>A trial's attempt as it runs. Ends when it does, or at once where none runs.</summary>
    public async IAsyncEnumerable<WireNews> TrialAsync(string sweepId, string trialId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        WireSeen seen = new();
        IAsyncEnumerable<WireNews> Open() => grains().GetGrain<ILiveTrialGrain>(GrainKeys.Trial(key, sweepId, trialId)).FollowAsync(seen, cancellationToken);
        await foreach (WireNews news in FollowAsync(Open, cancellationToken))
        {
            // Whoever was asked hasn't heard of the attempt, which runs: its first news is to come.
            if (news is { IsLast: true, State: (int)TrialStatus.Running })
                continue;
            seen = news.ToSeen();
            yield return news;
            if (news.IsLast)
                yield break;
        }
    }

    /// <summary>The sweep's comparisons as they firm up, without end.</summary>
    public IAsyncEnumerable<WireComparisons> ComparisonsAsync(string sweepId, WireCompare wanted, CancellationToken cancellationToken) =>
        FollowAsync(() => grains().GetGrain<IAggregatorGrain>(GrainKeys.Sweep(key, sweepId)).FollowAsync(wanted, cancellationToken), cancellationToken);

    /// <summary>Begins again where the stream breaks off or ends.</summary>
    /// <param name="open">From where it is now.</param>
    private async IAsyncEnumerable<T> FollowAsync<T>(Func<IAsyncEnumerable<T>> open, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            IAsyncEnumerator<T>? stream = null;
            try
            {
                while (true)
                {
                    bool more;
                    try
                    {
                        stream ??= open().GetAsyncEnumerator(cancellationToken);
                        more = await stream.MoveNextAsync();
                    }
                    catch (Exception e) when (e is StoreException || ClusterFault.Is(e, cancellationToken))
                    {
                        break;
                    }

                    if (!more)
                        break;
                    yield return stream.Current;
                }
            }
            finally
            {
                await CloseAsync(stream);
            }

            await Task.Delay(AskAgain, time, cancellationToken);
        }
    }

    private static async Task CloseAsync<T>(IAsyncEnumerator<T>? stream)
    {
        try
        {
            if (stream is not null)
                await stream.DisposeAsync();
        }
        catch (Exception e) when (ClusterFault.Is(e))
        {
            // Its silo has gone.
        }
    }
}
