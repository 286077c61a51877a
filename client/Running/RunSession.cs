using System.Net;
using Sweep.Client.Cluster;
using Sweep.Client.Dashboard;
using Sweep.Client.Terminal;
using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;
using Sweep.Silo;
using Sweep.Silo.Devices;
using Sweep.Silo.Telemetry;
using Sweep.Grains.Sweeps;

namespace Sweep.Client.Running;

/// <summary>One <c>sweep run</c>: submits, works with an embedded silo, shows progress, writes the report.</summary>
internal sealed class RunSession(CommandContext context, RunDirectory run, RunStore store, EmbeddedNode node, SweepSpec spec, SiloDevices devices, bool expect,
    IPEndPoint? metrics, DashboardOptions? serve, Webhook? notify)
{
    /// <summary>Embedded silos share this prefix: the folder's lock proves that an earlier one is dead.</summary>
    private const string SiloPrefix = "embedded/";

    private static readonly TimeSpan FollowEvery = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The store's only silo is this process: nobody else would go on with its trials, so it keeps its leases however long the machine is suspended.
    /// </summary>
    public static readonly CoordinatorOptions Limits = new() { LeaseDuration = TimeSpan.FromDays(365) };

    public async Task<int> RunAsync(CancellationToken drain)
    {
        List<PlannedTrial> trials = Launch.Plan(spec);
        using var launch = new LaunchTrace($"launch/{Environment.MachineName}/{Environment.ProcessId}");
        await store.Sweeps.ReclaimLeasesAsync(SiloPrefix, CancellationToken.None);
        IReadOnlyList<SweepSummary> there = await store.Reader.ListAsync(CancellationToken.None);
        SweepSummary? before = there.Count > 0 ? there[0] : null;
        SubmitAnswer answer = await SubmitAsync(launch, trials, before);
        SweepSummary start = await store.OnlySweepAsync(CancellationToken.None);
        Announce(start, before, answer);
        await node.ServeAsync(store.Sweeps, run.Socket);
        await using LiveSource? live = serve is null ? null : new LiveSource(node.Live, context.Time);
        await using DashboardServer? server = serve is null
            ? null
            : await DashboardServer.StartAsync(
                new StoreView(node.Coordinator, store.Reader, store.Statistics, store.Shown, run) { Live = live }, serve, context.Error, context.Time, drain);
        if (server is not null)
            context.Error.WriteLine($"dashboard at {server.LinkTo(start.Id)}");
        while (true)
        {
            int code = await WorkAndTellAsync(start, trials, drain);
            if (server is null || !await GoesOnAsync(drain))
                return code;
            start = await store.OnlySweepAsync(CancellationToken.None);
        }
    }

    /// <summary>One folder holds one sweep: what is there goes on, whatever it is called now, or the spec is refused.</summary>
    private async Task<SubmitAnswer> SubmitAsync(LaunchTrace launch, List<PlannedTrial> trials, SweepSummary? before)
    {
        try
        {
            return await launch.SubmitAsync(store.Operations, spec, trials, before?.Id, CancellationToken.None);
        }
        catch (SpecChangedException e)
        {
            throw new UsageException($"{run.Shown}: {Words.Clean(e.Message, lines: true)}\none folder holds one sweep: run this one in another (--out DIR)", e);
        }
    }

    /// <summary>Tells how it ended, unless whoever stopped it knows.</summary>
    private async Task<int> WorkAndTellAsync(SweepSummary start, List<PlannedTrial> trials, CancellationToken drain)
    {
        int code;
        try
        {
            code = await WorkAndReportAsync(start, trials, drain);
        }
        catch (Exception e) when (notify is not null)
        {
            await notify.SendAsync(Webhook.Message(start, run.Shown, null, e.Message), drain);
            throw;
        }

        if (notify is not null && !drain.IsCancellationRequested)
        {
            SweepSummary end = await store.OnlySweepAsync(CancellationToken.None);
            await notify.SendAsync(Webhook.Message(end, run.Shown, await SweepAnswer.OfAsync(context, store, end, CancellationToken.None), null), drain);
        }

        return code;
    }

    /// <summary>Works until nothing is left or it is stopped; the report where everything has ended.</summary>
    private async Task<int> WorkAndReportAsync(SweepSummary start, List<PlannedTrial> trials, CancellationToken drain)
    {
        var state = new RunState(start, spec, context.Time);
        state.Plan(trials);
        // The report names those that are damaged.
        await foreach (CompletedTrial done in store.Reader.CompletedAsync(start.Id, _ => { }, CancellationToken.None))
            state.AddCompleted(done);

        await WorkAsync(state, drain);
        SweepSummary end = await store.OnlySweepAsync(CancellationToken.None);
        if (end.Completed == 0 || end.Unfinished > 0)
            return Finish(end, drain.IsCancellationRequested);

        // The store's copy says since when each expectation has stood.
        SweepSpec stored = await store.SpecAsync(end, CancellationToken.None);
        (ReportInput input, ReportDocument document) = await ReportJob.WriteAsync(context, run, store, stored, CancellationToken.None);
        int code = ReportJob.Damage(context, store, input, Finish(end, drain.IsCancellationRequested));
        return expect ? ReportJob.Demand(context, document, code) : code;
    }

    /// <summary>
    /// With a dashboard: waits until it has made work, a paused sweep resumed or failed trials queued again. False when it was stopped, or when everything is
    /// done and nobody is there to look.
    /// </summary>
    private async Task<bool> GoesOnAsync(CancellationToken drain)
    {
        bool said = false;
        while (!drain.IsCancellationRequested)
        {
            SweepSummary sweep = await store.OnlySweepAsync(CancellationToken.None);
            if (sweep is { Queued: > 0, Paused: false })
                return true;
            if (sweep.Queued == 0 && !context.IsInteractive)
                return false;
            if (!said)
                context.Error.WriteLine("the dashboard stays until Ctrl-C");
            said = true;
            await Task.Delay(TimeSpan.FromMilliseconds(500), context.Time, drain).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return false;
    }

    private void Announce(SweepSummary start, SweepSummary? before, SubmitAnswer answer)
    {
        if (before is not null && before.Name != start.Name)
            context.Error.WriteLine($"was {Words.Clean(before.Name)}");
        if (before is not null && answer.Added > 0)
            context.Error.WriteLine($"extended by {Words.Count(answer.Added)} trials; the {Words.Count(answer.Existing)} existing ones stay");
        string resumed = start.Completed > 0 ? $", {start.Completed} done before" : string.Empty;
        string failed = start.Failed > 0 ? $", {start.Failed} failed before (sweep retry queues them again)" : string.Empty;
        string on = devices.All is [{ Trainer: null }] ? string.Empty : $" on {devices.Name}";
        string limited = spec.Limits.Slots < devices.Slots ? $", of which limits.slots lets it have {spec.Limits.Slots}" : string.Empty;
        context.Error.WriteLine(
            $"{Words.Clean(start.Name)}: {Words.Count(start.Total)} trials{resumed}{failed}; {devices.Slots} slots{on}{limited}; {run.Shown}");
        if (start.Paused && (start.Stopped is null || !new SweepTerms(Paused: true, Failed: spec.Limits.Failed).Bears(start.Failed)))
            context.Error.WriteLine($"the sweep is {SweepWords.State(start)}; {GoOn(start)}");
    }

    private async Task WorkAsync(RunState state, CancellationToken drain)
    {
        var options = new SiloOptions
        {
            Id = $"{SiloPrefix}{Environment.MachineName}/{Environment.ProcessId}",
            Slots = devices.Slots,
            ArtifactsDirectory = run.Artifacts,
            SweepId = spec.Id,
            StopWhenIdle = true,
        };
        await using SiloTelemetry telemetry = await SiloTelemetry.StartAsync(options, metrics, store.Reader, context.Time);
        if (telemetry.Url is { } url)
            context.Error.WriteLine($"metrics at {url}");
        var crew = new SiloCrew(
            telemetry.Measure(node.Coordinator), options, devices, telemetry.Observe(node.Observe(state, options.Id)), files: null, context.Time);
        Task work = spec.Race is null && spec.Tune is null ? crew.RunAsync(drain) : FollowAsync(state, crew.RunAsync(drain));
        IRunView view = Console.IsErrorRedirected || !context.Console.Profile.Capabilities.Interactive
            ? new PlainRunView(context.Error, context.Time)
            : new LiveRunView(context.Console, context.Time);
        await using (drain.Register(state.Stopping))
            await view.ShowAsync(state, work);
        await work;
        await new StaleCheckpoints(run.Artifacts, store.Reader, state.Warning, context.Time).LookAsync(CancellationToken.None);
    }

    /// <summary>Tells how many trials a race still has, and what tuning's confirmation costs, until the work ends.</summary>
    private async Task FollowAsync(RunState state, Task work)
    {
        while (!work.IsCompleted)
        {
            await Task.WhenAny(work, Task.Delay(FollowEvery, context.Time)).ConfigureAwait(false);
            try
            {
                state.Planned(await store.OnlySweepAsync(CancellationToken.None));
            }
            catch (StoreException)
            {
                // Only shown: what works with the store says what is wrong with it.
            }
        }

        await work;
    }

    private static string GoOn(SweepSummary sweep) => sweep.Stopped is null ? "go on with: sweep resume"
        : "mend the cause and queue them again with: sweep retry, or raise the limit; or go on until the next one fails with: sweep resume";

    private int Finish(SweepSummary end, bool interrupted)
    {
        int unfinished = end.Unfinished;
        if (unfinished > 0)
        {
            string why = interrupted ? "interrupted" : end.Stopped is { } limit ? $"stopped: {limit}" : end.Paused ? "paused" : "stopped";
            string next = end.Stopped is not null && !interrupted ? GoOn(end) : !end.Paused ? "the same command goes on from here"
                : serve is null ? "go on with: sweep resume, then the same command"
                : "go on with Resume in the dashboard, or with: sweep resume, then the same command";
            Say($"{why}: {end.Completed} of {end.Total} trials are done and kept; {next}");
            if (end.Completed > 0)
                context.Error.WriteLine("sweep report writes a report of what is there");
            return interrupted || end is { Paused: false, Stopped: null } ? ExitCode.Interrupted : ExitCode.NotAllDone;
        }

        if (end.Failed + end.Cancelled == 0)
            return ExitCode.Done;
        Say($"{end.Failed} {(end.Failed == 1 ? "trial" : "trials")} failed and {end.Cancelled} {(end.Cancelled == 1 ? "was" : "were")} cancelled: see sweep "
            + "status; queue them again with: sweep retry");
        return ExitCode.NotAllDone;
    }

    /// <summary>On lines of the terminal where there is one.</summary>
    private void Say(string text)
    {
        foreach (string line in TextWrap.Lines(text, "", "  ", context.Console.Profile.Width - 1))
            context.Error.WriteLine(line);
    }
}
