using System.Globalization;
using Sweep.Bench.Cluster;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;
using Sweep.Grains.Storage.Postgres;
using Sweep.Silo;
using Sweep.Tests.Client.Dashboard;

namespace Sweep.Bench.Dashboard;

/// <summary>
/// How long a point of a running trial's curve takes from the worker to the page that has drawn it: a silo here, <c>./sweep serve</c>, Chromium.
/// </summary>
internal static class LiveUpdates
{
    private const string Silo = "worker";

    public static async Task RunAsync(string address, Browsing browsing, int updates)
    {
        PostgresUrl url = PostgresUrl.Parse(address);
        await using BenchSilo silo = await BenchSilo.OpenAsync(url, Silo);
        SweepSpec spec = LargeSweep.Spec();
        await silo.Coordinator.SubmitAsync(spec, TrialExpansion.Expand(spec).Take(10).Select(t => new PlannedTrial(t, 1)), CancellationToken.None);
        IReadOnlyList<Lease> leases = await silo.Coordinator.LeaseAsync(new LeaseRequest(Silo, 2), CancellationToken.None);
        using var stop = new CancellationTokenSource();
        Task renewing = RenewAsync(silo.Coordinator, leases, stop.Token);
        await using ServedDashboard served = await ServedDashboard.StartAsync(["--store", address]);
        foreach ((string what, string path, string selector, Lease lease) in new[]
        {
            ("trial's", $"sweeps/{leases[0].SweepId}/trials/{leases[0].Trial.Id}", "figure[data-points]", leases[0]),
            ("sweep's", $"sweeps/{leases[1].SweepId}", ".spark[data-points]", leases[1]),
        })
        {
            var attempt = new AttemptProgress(lease, TimeProvider.System.GetUtcNow());
            silo.Observer.Started(attempt);
            attempt.Report(AttemptPhase.Train, 0.1);
            await using LivePage page = await browsing.FollowAsync(new Uri(served.Client.BaseAddress!, path), selector);
            int there = 0;
            async Task PointAsync()
            {
                attempt.Trained(20, 1 + (1.0 / ++there));
                await Task.Delay(50 + (int)(there * 2_654_435_761L % 100));
            }

            // Until the page hears of it: that a trial runs at all is seen by the second.
            while (await page.PointsAsync() < 2)
                await PointAsync();
            double[] told = new double[updates];
            int before = there;
            for (int i = 0; i < updates; i++)
            {
                told[i] = (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalMilliseconds;
                await PointAsync();
            }

            while (await page.PointsAsync() < there)
                await Task.Delay(50);
            double[] took = [.. (await page.SeenAsync(before, updates)).Zip(told, (seen, at) => seen - at).Order()];
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{updates:N0} points, one every 100 ms or so, from the worker to the {what} page: median {took[updates / 2]:0} ms, "
                    + $"p99 {took[(int)(updates * 0.99)]:0} ms, at most {took[^1]:0} ms; load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}"));
            silo.Observer.Ended(attempt, AttemptOutcome.Preempted, null, null);
            await silo.Coordinator.ReleaseAsync(lease, AttemptOutcome.Preempted, CancellationToken.None);
        }

        await stop.CancelAsync();
        await renewing;
    }

    private static async Task RenewAsync(ICoordinator coordinator, IReadOnlyList<Lease> leases, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await coordinator.HeartbeatAsync(
                Silo, [.. leases.Select(l => new LeaseProgress(l.SweepId, l.Trial.Id, l.FencingToken, "train", 0.1, null))], CancellationToken.None);
            await Task.Delay(TimeSpan.FromSeconds(5), stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
