using Sweep.Grains.Coordination;

namespace Sweep.Client.Cluster;

/// <summary>Waits, for as long as it takes, for a store that is reachable but slow: a process that starts survives that as one that runs does.</summary>
internal static class StoreRetry
{
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(15);

    /// <param name="warning">Told of each failed attempt.</param>
    /// <exception cref="StoreException">It can't be reached at all, or is not ours.</exception>
    public static Task<T> AskAsync<T>(Func<Task<T>> ask, Action<string> warning, TimeProvider time, CancellationToken cancellationToken) =>
        new Backoff(time, FirstBackoff, LongestBackoff).RunAsync(
            _ => ask(),
            e => e is StoreException { IsSlow: true },
            (e, wait) => warning($"{e.Message}; trying again in {wait.TotalSeconds:0.#} s"),
            cancellationToken);
}
