using System.Net;
using Sweep.Client.Cluster;
using Sweep.Client.Terminal;
using Sweep.Grains.Coordination;
using Sweep.Silo;
using Sweep.Silo.Devices;
using Sweep.Silo.Telemetry;

namespace Sweep.Client.Running;

/// <summary>One <c>sweep silo</c>: works until it is drained, or until idle if so asked.</summary>
/// <param name="log">Where it says what it does.</param>
/// <param name="node">Its part in the cluster, which coordinates.</param>
internal sealed class SiloSession(SiloLog log, TimeProvider time, IWorkerReader store, string shown, IClusterPart node, SiloOptions options,
    SiloDevices devices, string dataDirectory, IPEndPoint? metrics)
{
    public async Task<int> RunAsync(CancellationToken drain)
    {
        log.Write($"in the cluster: {node.Shown}");
        log.Write(
            $"silo {Words.Clean(options.Id)}: {options.Slots} {(options.Slots == 1 ? "slot" : "slots")} on {devices.Name}; {shown}; "
            + $"artifacts in {Words.Clean(options.ArtifactsDirectory)}");
        var files = new DataFiles(dataDirectory, sha256 => store.FileAsync(sha256, CancellationToken.None).GetAwaiter().GetResult());
        await using SiloTelemetry telemetry = await SiloTelemetry.StartAsync(options, metrics, store, time, () => node.Absent);
        telemetry.Instruments.ObserveCluster(() => node.Living);
        node.Rejoined = () => telemetry.Instruments.ClusterRejoins.Add(1);
        if (telemetry.Url is { } url)
            log.Write($"metrics at {url}");
        await using QuarantineWatch? quarantine = telemetry.IsExported ? new QuarantineWatch(store, options.Id, telemetry.Instruments, time) : null;
        var seen = new SweepsSeen(log);
        await using var deleted = new DeletedArtifacts(seen, store, options.ArtifactsDirectory, time);
        deleted.Start();
        var crew = new SiloCrew(
            telemetry.Measure(node.Work), options, devices, telemetry.Observe(node.Observe(deleted, options.Id)), files, time, node.Fits);
        using var over = new CancellationTokenSource();
        var tidy = new StaleCheckpoints(options.ArtifactsDirectory, store, log.Warning, time);
        Task tidying = tidy.RunAsync(over.Token);
        await using (drain.Register(() => log.Write("draining: running trials are checkpointed and released; Ctrl-C again stops at once")))
            await crew.RunAsync(drain);
        await over.CancelAsync();
        await tidying;
        if (!drain.IsCancellationRequested)
            await tidy.LookAsync(drain);
        if (crew.Stalled > 0)
        {
            log.Write("a trial hangs: to be started again");
            return ExitCode.NotAllDone;
        }

        if (drain.IsCancellationRequested)
        {
            log.Write("drained");
            return ExitCode.Done;
        }

        int failed = await FailedAsync(seen);
        log.Write(failed == 0 ? "nothing left to do"
            : $"nothing left to do; {failed} {(failed == 1 ? "trial" : "trials")} failed for good: sweep status says which");
        return failed == 0 ? ExitCode.Done : ExitCode.NotAllDone;
    }

    /// <summary>Trials that failed for good, of the sweeps that it had a part in: a batch system must not take them for done.</summary>
    private async Task<int> FailedAsync(SweepsSeen seen)
    {
        HashSet<string> sweeps = [.. seen.Sweeps, .. options.SweepId is { } only ? [only] : Array.Empty<string>()];
        int failed = 0;
        foreach (string sweep in sweeps)
            failed += (await store.FindAsync(sweep, CancellationToken.None))?.Failed ?? 0;
        return failed;
    }
}
