using Microsoft.Extensions.Hosting;

namespace Sweep.Client.Cluster;

/// <summary>How silos and clients of this process end.</summary>
internal static class Hosts
{
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(5);

    /// <summary>Gracefully if that is quick. What was unfinished is in the store, and the others find out.</summary>
    public static async Task StopSoonAsync(this IHost host)
    {
        using var patience = new CancellationTokenSource(StopWithin);

        // Elsewhere: what a half-started host still does, or one whose peers are gone, it may do forever on the thread that asks.
        Task ended = Task.Run(
            async () =>
            {
                await host.StopAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                host.Dispose();
            },
            CancellationToken.None);
        await Task.WhenAny(ended, Task.Delay(StopWithin * 2, CancellationToken.None));
        ended.Ignore();
    }
}
