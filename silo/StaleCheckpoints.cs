using Sweep.Grains.Coordination;

namespace Sweep.Silo;

/// <summary>Removes checkpoints of trials that were cancelled, or that another silo finished: nobody goes on from them.</summary>
/// <param name="root">The folder of all trials' artifacts.</param>
/// <param name="reader">Says which trials are over.</param>
/// <param name="warning">Told, once each time, of what can't be removed.</param>
public sealed class StaleCheckpoints(string root, IWorkerReader reader, Action<string> warning, TimeProvider time)
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    private readonly RepeatedTrouble _trouble = new(warning);

    /// <summary>Now and then, until cancelled. Never throws.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await LookAsync(cancellationToken).ConfigureAwait(false);
            await Task.Delay(Every, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Once. Never throws: what stays is found again.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            string[] kept = Directory.Exists(root)
                ? [.. Directory.EnumerateDirectories(root).Where(TrialArtifacts.HasCheckpoint).Select(d => Path.GetFileName(d)!)] : [];
            foreach (string trial in await reader.FinishedAsync(kept, cancellationToken).ConfigureAwait(false))
            {
                var artifacts = new TrialArtifacts(root, trial);
                artifacts.DropCheckpoint();
                artifacts.DropSnapshots();
            }

            _trouble.IsOver();
        }
        catch (StoreException)
        {
            // The silo reports that itself: its lease loop uses the same store.
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            _trouble.Is($"checkpoints of finished trials stay in {root}: {e.Message}");
        }
        catch (Exception)
        {
            // Told to stop.
        }
    }
}
