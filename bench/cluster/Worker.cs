using System.Diagnostics;
using Sweep.Grains.Coordination;
using Sweep.Grains.Storage.Postgres;

namespace Sweep.Bench.Cluster;

/// <summary>A silo process whose trials take no time: it leases and completes until there is nothing left.</summary>
internal static class Worker
{
    /// <summary>
    /// This program again, as a silo process. For dispatch the code is compiled once, at first use: tiers would go on compiling through all of a short
    /// measurement, at the cost of what is measured.
    /// </summary>
    public static Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(Worker).Assembly.Location, "worker", .. arguments])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardInput = true,
        };
        if (arguments[0] == "dispatch")
            start.Environment.TryAdd("DOTNET_TieredCompilation", "0");
        return Process.Start(start)!;
    }

    /// <summary>Completes some trials to warm up, prints a line, and goes on when it is told to; each slot for itself, as the silo's do.</summary>
    public static async Task<int> DrainAsync(string url, string silo, int slots, int warmUp, bool separate)
    {
        await using BenchSilo member = await BenchSilo.OpenAsync(PostgresUrl.Parse(url), silo);
        ICoordinator coordinator = member.Coordinator;
        IReadOnlyList<Lease> first = await coordinator.LeaseAsync(new LeaseRequest(silo, slots), CancellationToken.None);
        SlotOfWorker[] working = [.. first.Select(lease => new SlotOfWorker(coordinator, silo, lease, separate))];
        await Task.WhenAll(working.Select(slot => slot.RunAsync(warmUp / slots)));
        Console.WriteLine("ready");
        Console.ReadLine();
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        await Task.WhenAll(working.Select(slot => slot.RunAsync(int.MaxValue)));
        Console.WriteLine(new WorkerReport(
            working.Sum(s => s.Completed), working.Sum(s => s.Stale), working.Sum(s => s.Errors), Median(working.SelectMany(s => s.CallMs)),
            (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds).Format());
        return 0;
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? 0 : sorted[sorted.Length / 2];
    }
}
