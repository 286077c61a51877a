using System.Diagnostics;
using System.Globalization;
using Sweep.Grains.Coordination;
using Sweep.Grains.Coordination.Sql.Postgres;

namespace Sweep.Bench.Cluster;

/// <summary>A silo process whose trials take no time: it leases and completes until there is nothing left.</summary>
internal static class Worker
{
    public static Process Start(string url, string silo, int slots) => Process.Start(new ProcessStartInfo(
        "dotnet", [typeof(Worker).Assembly.Location, "worker", url, silo, slots.ToString(CultureInfo.InvariantCulture)])
    {
        UseShellExecute = false, RedirectStandardOutput = true,
    })!;

    public static async Task<int> RunAsync(string url, string silo, int slots)
    {
        await using PostgresCoordinator coordinator =
            await PostgresCoordinator.OpenAsync(PostgresUrl.Parse(url), TimeProvider.System, StoreOpening.Existing);
        TrialResult result = Samples.Result();
        List<double> leases = [];
        List<double> completes = [];
        int completed = 0, stale = 0, errors = 0;
        while (true)
        {
            try
            {
                long start = Stopwatch.GetTimestamp();
                IReadOnlyList<Lease> given = await coordinator.LeaseAsync(new LeaseRequest(silo, slots), CancellationToken.None);
                leases.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                if (given.Count == 0)
                    break;
                foreach (Lease lease in given)
                {
                    start = Stopwatch.GetTimestamp();
                    if (await coordinator.CompleteAsync(lease, result, CancellationToken.None) == ReportAnswer.Accepted)
                        completed++;
                    else
                        stale++;
                    completes.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                }
            }
            catch (StoreException e)
            {
                await Console.Error.WriteLineAsync(e.Message);
                errors++;
            }
        }

        int tenth = Math.Max(1, leases.Count / 10);
        Console.WriteLine(new WorkerReport(
            completed, stale, errors, Median(leases.Take(tenth)), Median(leases.TakeLast(tenth)), Median(completes),
            Environment.CpuUsage.TotalTime.TotalMilliseconds).Format());
        return 0;
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? 0 : sorted[sorted.Length / 2];
    }
}
