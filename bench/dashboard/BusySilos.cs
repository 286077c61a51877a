using System.Diagnostics;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;
using Sweep.Tests.Client.Dashboard;

namespace Sweep.Bench.Dashboard;

/// <summary>Silos that train nothing: they lease, say how far they are, complete and now and then fail, at a pace far above a real cluster's.</summary>
internal sealed class BusySilos(ICoordinator store, double trialsPerSecond)
{
    private const int Silos = 4, Slots = 8;

    public async Task WorkAsync(CancellationToken stop)
    {
        List<(Lease Lease, string Silo)> running = [];
        long began = Stopwatch.GetTimestamp(), beat = began;
        for (int done = 0; !stop.IsCancellationRequested;)
        {
            if (running.Count < Silos * Slots)
            {
                for (int silo = 0; silo < Silos; silo++)
                {
                    int free = Slots - running.Count(r => r.Silo == Name(silo));
                    if (free > 0)
                        running.AddRange((await store.LeaseAsync(new LeaseRequest(Name(silo), free), CancellationToken.None)).Select(l => (l, Name(silo))));
                }

                if (running.Count == 0)
                    return;
            }

            if (Stopwatch.GetElapsedTime(beat) > TimeSpan.FromSeconds(1))
            {
                beat = Stopwatch.GetTimestamp();
                foreach (IGrouping<string, (Lease Lease, string Silo)> silo in running.GroupBy(r => r.Silo))
                    await store.HeartbeatAsync(silo.Key,
                        [.. silo.Select((r, i) => new LeaseProgress(r.Lease.SweepId, r.Lease.Trial.Id, r.Lease.FencingToken, "train", (done + i) % 10 / 10.0,
                        0.3))], CancellationToken.None);
            }

            while (running.Count > 0 && done < Stopwatch.GetElapsedTime(began).TotalSeconds * trialsPerSecond)
            {
                Lease lease = running[0].Lease;
                running.RemoveAt(0);
                done++;
                if (done % 50 == 0)
                    await store.FailAsync(lease, new AttemptFailure(AttemptOutcome.Failed, $"the loss is NaN at step {done}"), CancellationToken.None);
                else
                    await store.CompleteAsync(lease, Result(lease.Trial), CancellationToken.None);
            }

            await Task.Delay(20, CancellationToken.None);
        }
    }

    private static string Name(int silo) => $"node-{silo}/cpu";

    private static TrialResult Result(TrialSpec trial)
    {
        double gap = 0.1 + (4.0 / trial.Network.Width) + (0.02 * trial.Seed) + (trial.Preprocessing.Name == "gaussianize" ? 0 : 1);
        return new TrialResult
        {
            Metrics = LargeSweep.Metrics.ToDictionary(m => m, _ => new MetricValue(-2 - gap, -2), StringComparer.Ordinal),
            Curves = new Dictionary<string, float[]>(StringComparer.Ordinal)
            {
                ["log_likelihood"] = [.. Enumerable.Range(0, LargeSweep.CurvePoints).Select(k => (float)(-2 - gap - (20.0 * (100 - k) / 100)))],
                ["training_loss"] = [1, 0.7f, 0.5f, 0.4f],
            },
            Device = "cpu",
            Notes = [],
        };
    }
}
