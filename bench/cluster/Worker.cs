using System.Diagnostics;
using Sweep.Grains.Coordination;
using Sweep.Grains.Coordination.Sql.Postgres;

namespace Sweep.Bench.Cluster;

/// <summary>A silo process whose trials take no time: it leases and completes until there is nothing left.</summary>
internal static class Worker
{
    /// <summary>This program again, as a silo process.</summary>
    public static Process Start(params string[] arguments) => Process.Start(new ProcessStartInfo("dotnet", [typeof(Worker).Assembly.Location, "worker", .. arguments])
    {
        UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardInput = true,
    })!;

    /// <summary>Completes some trials to warm up, prints a line, and goes on when it is told to.</summary>
    public static async Task<int> DrainAsync(string url, string silo, int slots, int warmUp, bool separate)
    {
        await using PostgresCoordinator coordinator =
            await PostgresCoordinator.OpenAsync(PostgresUrl.Parse(url), TimeProvider.System, StoreOpening.Existing);
        TrialResult result = Samples.Result();
        List<double> leases = [];
        List<double> calls = [];
        int completed = 0, stale = 0, errors = 0;
        TimeSpan cpu = TimeSpan.Zero;
        bool warm = false;
        IReadOnlyList<Lease> given = [];
        LeaseRequest next = new(silo, slots);
        while (true)
        {
            try
            {
                if (!warm && completed >= warmUp)
                {
                    warm = true;
                    Console.WriteLine("ready");
                    Console.ReadLine();
                    cpu = Environment.CpuUsage.TotalTime;
                    (completed, stale, errors) = (0, 0, 0);
                    leases.Clear();
                    calls.Clear();
                }

                long start = Stopwatch.GetTimestamp();
                if (given.Count == 0 || separate)
                {
                    foreach (Lease lease in given)
                        Count([await coordinator.CompleteAsync(lease, result, CancellationToken.None)]);
                    if (given.Count > 0)
                        calls.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                    start = Stopwatch.GetTimestamp();
                    given = await coordinator.LeaseAsync(next, CancellationToken.None);
                    leases.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                    if (given.Count == 0)
                        break;
                    continue;
                }

                CompletedAndLeased both = await coordinator.CompleteAndLeaseAsync([.. given.Select(lease => new FinishedTrial(lease, result))], next, CancellationToken.None);
                calls.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                Count(both.Answers);
                given = both.Leases;
                if (given.Count == 0)
                    break;
            }
            catch (StoreException e)
            {
                await Console.Error.WriteLineAsync(e.Message);
                if (++errors > 100)
                    throw;
            }
        }

        Console.WriteLine(new WorkerReport(
            completed, stale, errors, Median(leases), Median(calls), (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds).Format());
        return 0;

        void Count(IReadOnlyList<ReportAnswer> answers)
        {
            completed += answers.Count(answer => answer == ReportAnswer.Accepted);
            stale += answers.Count(answer => answer == ReportAnswer.Stale);
        }
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? 0 : sorted[sorted.Length / 2];
    }
}
