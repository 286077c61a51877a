using Sweep.Grains.Storage.Postgres;
using Sweep.Silo;

namespace Sweep.Bench.Cluster;

/// <summary>A silo process: the silo's own loop over trials that sleep.</summary>
internal static class DispatchWorker
{
    /// <summary>Works from the start; measures for some seconds when it is told to, prints a line, and ends when it is told to.</summary>
    public static async Task<int> RunAsync(string url, string silo, int slots, int milliseconds, int warm, int seconds)
    {
        var runner = new SleepingRunner(milliseconds);
        using var drain = new CancellationTokenSource();
        await using BenchSilo member = await BenchSilo.OpenAsync(PostgresUrl.Parse(url), silo);
        var options = new SiloOptions { Id = silo, Slots = slots, ArtifactsDirectory = Path.GetTempPath() };
        Task work = new SiloWorker(member.Coordinator, runner, options, member.Observer, TimeProvider.System).RunAsync(drain.Token);
        await Task.Delay(TimeSpan.FromSeconds(warm));
        Console.WriteLine("ready");
        Console.ReadLine();
        runner.Begin();
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        double[] waits = runner.End();
        Console.WriteLine(new DispatchReport(waits.Length, (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds, waits).Format());
        Console.ReadLine();
        await drain.CancelAsync();
        await work;
        return 0;
    }
}
