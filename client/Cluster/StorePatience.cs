using Sweep.Grains.Coordination;

namespace Sweep.Client.Cluster;

/// <summary>Waits, as long as that takes, for a store that is there and slow: who starts rides that out as who runs does.</summary>
internal static class StorePatience
{
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(15);

    /// <param name="warning">Told of each vain try.</param>
    /// <exception cref="StoreException">It can't be reached at all, or is not ours.</exception>
    public static async Task<T> AskAsync<T>(Func<Task<T>> ask, Action<string> warning, TimeProvider time, CancellationToken cancellationToken)
    {
        TimeSpan backoff = TimeSpan.FromSeconds(1);
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (StoreException e) when (e.IsSlow && !cancellationToken.IsCancellationRequested)
            {
                warning($"{e.Message}; trying again in {backoff.TotalSeconds:0.#} s");
            }

            await Task.Delay(backoff, time, cancellationToken);
            backoff = backoff * 2 < LongestBackoff ? backoff * 2 : LongestBackoff;
        }
    }
}
