using Sweep.Grains.Coordination.Sql.Postgres;
using Sweep.Silo;

namespace Sweep.Bench.Cluster;

/// <summary>A silo process of either engine: the silo's own loop over trials that sleep.</summary>
internal static class EngineWorker
{
    public const string Postgres = "postgres";
    public const string Orleans = "orleans";

    /// <summary>Works from the start; measures for some seconds when it is told to, prints a line, and ends when it is told to.</summary>
    public static async Task<int> RunAsync(string engine, string url, string silo, int slots, int milliseconds, int warm, int seconds)
    {
        var runner = new SleepingRunner(milliseconds);
        using var drain = new CancellationTokenSource();
        await using EngineSilo member = await OpenAsync(engine, PostgresUrl.Parse(url), silo);
        var options = new SiloOptions { Id = silo, Slots = slots, ArtifactsDirectory = Path.GetTempPath() };
        Task work = new SiloWorker(member.Coordinator, runner, options, member.Observer, TimeProvider.System).RunAsync(drain.Token);
        await Task.Delay(TimeSpan.FromSeconds(warm));
        Console.WriteLine("ready");
        Console.ReadLine();
        runner.Begin();
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        double[] waits = runner.End();
        Console.WriteLine(new EngineReport(waits.Length, (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds, waits).Format());
        Console.ReadLine();
        await drain.CancelAsync();
        await work;
        return 0;
    }

    private static async Task<EngineSilo> OpenAsync(string engine, PostgresUrl store, string silo)
    {
        if (engine == Orleans)
            return await OrleansSilo.OpenAsync(store, silo);
        PostgresCoordinator coordinator = await PostgresCoordinator.OpenAsync(store, TimeProvider.System, StoreOpening.Existing);
        return engine == Postgres
            ? new EngineSilo(coordinator, new QuietObserver(), coordinator.DisposeAsync)
            : throw new ArgumentException($"engine: {engine}; allowed: {Postgres}, {Orleans}", nameof(engine));
    }
}
