using System.CommandLine;
using System.Text.Json;
using Sweep.Client.Cluster;
using Sweep.Client.Running;
using Sweep.Client.Terminal;
using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Coordination;

namespace Sweep.Client.Commands;

/// <summary><c>sweep watch</c>: follows a sweep until it is done; does no work itself.</summary>
internal static class WatchCommand
{
    private static readonly JsonSerializerOptions OneLine = new(CommandContext.Json) { WriteIndented = false };
    private const int MaxComparisons = 8;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1), RankEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LeastPause = TimeSpan.FromMilliseconds(100);

    public static Command Create(CommandContext context)
    {
        var place = new StoreArguments();
        Option<bool> json = CommonOptions.Json();
        Option<string?> notify = CommonOptions.Notify();
        var command = new Command("watch", "show a sweep live, until it is done (Ctrl-C stops only watching)") { json, notify };
        place.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            Uri? address = Webhook.Read(parsed.GetValue(notify));
            using var interrupt = new Interrupt();
            await using OpenSweep open = await place.OpenAsync(parsed, context, cancel);
            var view = new WatchView(context, open.Sweep);
            bool asJson = parsed.GetValue(json);
            await using LiveSource source = open.Store.Url is { } url ? new LiveSource(url, context.Time) : new LiveSource(open.Directory.Socket, context.Time);
            await using var live = new LiveWatch(
                source, open.Sweep.Id, (await open.Store.SpecAsync(open.Sweep, cancel)).Compare.Metric, MaxComparisons, context.Time);
            try
            {
                SweepSummary end = asJson || !context.IsInteractive
                    ? await FollowAsync(context, open, live, s => Line(context, view, asJson, s), interrupt.Token)
                    : await view.LiveAsync(redraw => FollowAsync(context, open, live, redraw, interrupt.Token));
                string? answer = await SweepAnswer.OfAsync(context, open.Store, end, cancel);
                if (answer is not null)
                {
                    if (asJson)
                        context.Out.WriteLine(JsonSerializer.Serialize(new { answer }, OneLine));
                    else
                        SweepAnswer.Write(context, answer);
                }

                if (address is not null)
                {
                    using var hook = new Webhook(address, context.Error, context.Time);
                    await hook.SendAsync(Webhook.Message(end, open.Store.Shown, answer, null), interrupt.Token);
                }

                return end.Failed + end.Cancelled == 0 ? ExitCode.Done : ExitCode.NotAllDone;
            }
            catch (OperationCanceledException) when (interrupt.Token.IsCancellationRequested)
            {
                return ExitCode.Interrupted;
            }
        });
        return command;
    }

    /// <summary>
    /// Polls the sweep every second, follows the running trials, and shows changes, until no trial is left. Retries while the store doesn't answer.
    /// </summary>
    private static async Task<SweepSummary> FollowAsync(CommandContext context, OpenSweep open, LiveWatch? live, Action<WatchMoment> show,
        CancellationToken cancel)
    {
        WatchMoment? last = null;
        long read = 0, ranked = 0;
        string? metric = null;
        while (true)
        {
            try
            {
                if (last is not null && context.Time.GetElapsedTime(read) < Every)
                {
                    // Only the silos have said something.
                    show(last = last with { Live = Live(live, last.Running), Comparisons = live?.Comparisons });
                    await PauseAsync(context, live, Every - context.Time.GetElapsedTime(read), cancel);
                    continue;
                }

                read = context.Time.GetTimestamp();
                SweepSummary sweep = await open.Reader.FindAsync(open.Sweep.Id, cancel) ?? open.Sweep;
                IReadOnlyList<TrialSummary> running = await open.Reader.TrialsAsync(sweep.Id, TrialStatus.Running, 0, WatchView.MaxRows, cancel);
                live?.Follow([.. running.Select(t => t.Trial.Id)]);
                HashSet<string?> theirs = [.. running.Select(t => t.Silo)];
                IReadOnlyList<SiloSummary> silos = await open.Reader.SilosAsync(cancel);
                IReadOnlyList<JudgedLook> looks = sweep.Looks == 0 ? [] : await open.Reader.LooksAsync(sweep.Id, cancel);
                last = new WatchMoment(sweep, running, open.IsAbandoned(sweep) ? SweepWords.Abandoned(sweep, open.Directory) : null)
                {
                    Runs = SweepWords.Running(sweep, silos), Silent = [.. silos.Where(s => s.Silent is not null && theirs.Contains(s.Id))],
                    Live = Live(live, running), Comparisons = live?.Comparisons,
                    Best = last?.Best, Ranked = last?.Ranked ?? 0,
                    Race = RaceWords.Stand(sweep, looks), Tuning = TuningWords.Stand(sweep, looks),
                };
                if (context.IsInteractive && sweep.Completed != last.Ranked && (ranked == 0 || context.Time.GetElapsedTime(ranked) >= RankEvery))
                {
                    ranked = context.Time.GetTimestamp();
                    metric ??= (await open.Store.SpecAsync(sweep, cancel)).Compare.Metric;
                    last = last with { Best = await BestCurve.FindAsync(open.Reader, sweep.Id, metric, cancel), Ranked = sweep.Completed };
                }
            }
            catch (StoreException e) when (last is not null)
            {
                last = last with { Trouble = e.Message };
            }

            show(last);
            if (last.Trouble is null && last.Sweep.Unfinished == 0)
                return last.Sweep;
            await PauseAsync(context, live, Every, cancel);
        }
    }

    private static Dictionary<string, LiveTrial> Live(LiveWatch? live, IReadOnlyList<TrialSummary> running) =>
        running.Select(t => (t.Trial.Id, Live: live?.Of(t.Trial.Id))).Where(t => t.Live is not null)
            .ToDictionary(t => t.Id, t => t.Live!, StringComparer.Ordinal);

    private static async Task PauseAsync(CommandContext context, LiveWatch? live, TimeSpan atMost, CancellationToken cancel)
    {
        if (atMost <= TimeSpan.Zero)
            return;
        await Task.Delay(live is null || atMost < LeastPause ? atMost : LeastPause, context.Time, cancel);
        if (live is not null && atMost > LeastPause)
            await live.WaitAsync(atMost - LeastPause, cancel);
    }

    private static void Line(CommandContext context, WatchView view, bool json, WatchMoment moment)
    {
        if (!view.IsNews(moment, json))
            return;
        if (json)
        {
            context.Out.WriteLine(JsonSerializer.Serialize(
                new
                {
                    moment.Sweep,
                    running = moment.Running.Select(TrialJson.Summary),
                    live = moment.Live.ToDictionary(
                        l => l.Key,
                        l => new { l.Value.Attempt, l.Value.Phase, l.Value.Fraction, points = l.Value.Losses.Count, scores = l.Value.Scores.Count },
                        StringComparer.Ordinal),
                    compared = moment.Comparisons?.Completed,
                    moment.Race,
                    moment.Tuning,
                    moment.Trouble,
                    silent = moment.Silent.Select(s => s.Id),
                },
                OneLine));
        }
        else
        {
            context.Out.WriteLine(view.Text(moment));
        }
    }
}
