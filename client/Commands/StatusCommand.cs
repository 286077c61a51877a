using System.CommandLine;
using System.Globalization;
using Sweep.Client.Cluster;
using Sweep.Client.Running;
using Sweep.Client.Terminal;
using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Coordination;

namespace Sweep.Client.Commands;

/// <summary><c>sweep status</c>: counts, running and failed trials, silos.</summary>
internal static class StatusCommand
{
    private const int MaxRows = 20;

    public static Command Create(CommandContext context)
    {
        var place = new StoreArguments();
        Option<bool> json = CommonOptions.Json();
        var live = new Option<bool>("--live") { Description = "also ask the silos how the comparisons stand now" };
        var command = new Command("status", "how far a sweep is, what runs, what failed; with --live, how its comparisons stand") { json, live };
        place.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            await using OpenSweep open = await place.OpenAsync(parsed, context, cancel);
            (RunStore store, RunDirectory run, SweepSummary sweep) = open;
            IReadOnlyList<TrialSummary> running = await store.Reader.TrialsAsync(sweep.Id, TrialStatus.Running, 0, MaxRows, cancel);
            IReadOnlyList<TrialSummary> failed = await store.Reader.TrialsAsync(sweep.Id, TrialStatus.Failed, 0, MaxRows, cancel);
            IReadOnlyDictionary<AttemptOutcome, int> causes = await store.Reader.CausesAsync(sweep.Id, cancel);
            IReadOnlyList<SiloSummary> silos = await store.Reader.SilosAsync(cancel);
            bool abandoned = open.IsAbandoned(sweep);
            LiveComparisons? comparisons = parsed.GetValue(live) ? await LiveAsync(open, sweep, cancel) : null;
            string? answer = await SweepAnswer.OfAsync(context, store, sweep, cancel);
            IReadOnlyList<JudgedLook> looks = sweep.Looks == 0 ? [] : await store.Reader.LooksAsync(sweep.Id, cancel);
            string? race = RaceWords.Stand(sweep, looks), tuning = TuningWords.Stand(sweep, looks);
            if (parsed.GetValue(json))
            {
                context.WriteJson(new
                {
                    directory = store.IsCluster ? null : run.FullPath,
                    store = store.Shown,
                    sweep,
                    abandoned,
                    causes = causes.ToDictionary(c => c.Key.ToString().ToLowerInvariant(), c => c.Value),
                    running = running.Select(TrialJson.Summary),
                    failed = failed.Select(TrialJson.Summary),
                    silos,
                    live = comparisons,
                    race,
                    tuning,
                    answer,
                });
            }
            else
            {
                Write(context, store, sweep, abandoned ? [] : running, failed, abandoned ? null : SweepWords.Running(sweep, silos));
                if ((race ?? tuning) is { } stand)
                    context.WriteWords(stand);
                if (abandoned)
                    context.Out.WriteLine(SweepWords.Abandoned(sweep, run));
                WriteFaults(context, store.IsCluster ? sweep : sweep with { Host = null }, causes, abandoned ? [] : silos);
                if (comparisons is not null)
                    Write(context, comparisons);
                else if (parsed.GetValue(live))
                    context.Out.WriteLine("nothing is live, as it has ended; its comparisons are in the report: sweep report");
                if (answer is not null)
                    SweepAnswer.Write(context, answer);
                if (failed.Count > 0)
                    context.Out.WriteLine(store.IsCluster ? "try them again with: sweep retry" : "try them again with: sweep retry, then sweep run");
            }

            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>Null where nobody answers of a sweep that has ended: its report has them.</summary>
    private static async Task<LiveComparisons?> LiveAsync(OpenSweep open, SweepSummary sweep, CancellationToken cancel)
    {
        string metric = (await open.Store.SpecAsync(sweep, cancel)).Compare.Metric;
        try
        {
            await using ClusterClient client = open.Store.Url is { } cluster
                ? await ClusterClient.ConnectAsync(cluster, cancel) : await ClusterClient.ConnectAsync(open.Directory.Socket, cancel);
            return await client.CompareAsync(sweep.Id, metric, MaxRows, cancel);
        }
        catch (StoreException) when (sweep.Unfinished == 0)
        {
            return null;
        }
    }

    /// <summary>The current comparisons.</summary>
    private static void Write(CommandContext context, LiveComparisons live)
    {
        if (live.Comparisons.Count == 0)
        {
            context.Out.WriteLine($"no comparisons after {live.Completed} trials");
            return;
        }

        context.Out.WriteLine($"comparisons after {live.Completed} trials ({live.Test}):");
        bool resplit = live.Comparisons.Any(c => c.Resplit is not null);
        string[] columns = ["of", "where", "metric", "difference", .. resplit ? ["for rows like these"] : Array.Empty<string>(), "p, adjusted", "verdict"];
        TextTable table = new(columns);
        foreach (ComparisonSection c in live.Comparisons)
        {
            string verdict = c.Verdict switch { "a" => c.A, "b" => c.B, _ => c.Decision == ComparisonSection.Equivalent ? "no difference" : "undecided" };
            string[] like = resplit ? [Interval(c.Difference with { CiLow = c.Resplit?.CiLow, CiHigh = c.Resplit?.CiHigh })] : [];
            table.Add(
            [
                $"{c.B} against {c.A}", string.Join(", ", c.Where.Select(w => $"{w.Key} {w.Value}")), c.Metric, Interval(c.Difference), .. like,
                c.PAdjusted?.ToString("0.####", CultureInfo.InvariantCulture) ?? "–", verdict,
            ]);
        }

        table.Write(context);
    }

    private static string Interval(DifferenceSection difference) => (difference.Mean, difference.CiLow, difference.CiHigh) switch
    {
        (null, _, _) => "–",
        ({ } mean, { } low, { } high) => string.Create(CultureInfo.InvariantCulture, $"{mean:+0.000;-0.000} [{low:0.000}, {high:0.000}]"),
        ({ } mean, _, _) => string.Create(CultureInfo.InvariantCulture, $"{mean:+0.000;-0.000}"),
    };

    /// <param name="runs">How many run, in words; null where no process works on it.</param>
    private static void Write(
        CommandContext context, RunStore store, SweepSummary sweep, IReadOnlyList<TrialSummary> running, IReadOnlyList<TrialSummary> failed, string? runs)
    {
        double percent = sweep.CostTotal > 0 ? 100 * sweep.CostCompleted / sweep.CostTotal : 100;
        context.WriteWords(
            $"{Words.Clean(sweep.Name)}: {SweepWords.State(sweep, runs is null)}, {sweep.Completed}/{sweep.Total} trials "
            + $"({percent.ToString("0", CultureInfo.InvariantCulture)} % of the estimated cost); {sweep.Queued} queued, "
            + (runs is null ? string.Empty : $"{runs}, ")
            + $"{sweep.Failed} failed, {sweep.Cancelled} cancelled{SweepWords.Stage(sweep)}; {store.Shown}");
        if (SweepWords.Waits(sweep) is { } waits)
            context.WriteWords(waits);
        if (running.Count > 0)
        {
            TextTable table = new("running", "trial", "phase", "progress", "silo");
            foreach (TrialSummary trial in running)
            {
                table.Add(
                    TrialWords.Of(trial.Trial), trial.Trial.Id, trial.Phase ?? "–",
                    trial.Fraction is { } f ? f.ToString("P0", CultureInfo.InvariantCulture) : "–", trial.Silo ?? "–");
            }

            table.Write(context);
        }

        foreach (TrialSummary trial in failed)
            context.WriteWords(
                $"failed: {trial.Trial.Id} ({TrialWords.Of(trial.Trial)}), {trial.Attempts} attempts: {Words.Clean(trial.Message ?? "no message")}");
    }

    /// <summary>Failures by cause, live silos, quarantined silos.</summary>
    private static void WriteFaults(CommandContext context, SweepSummary sweep, IReadOnlyDictionary<AttemptOutcome, int> causes,
        IReadOnlyList<SiloSummary> silos)
    {
        if (causes.Count > 0)
            context.WriteWords($"attempts that did not complete: {string.Join(", ", causes.Select(c => $"{c.Value} {SweepWords.Cause(c.Key)}"))}");

        // The store's clock isn't this machine's: take the latest heartbeat for now.
        DateTimeOffset? now = silos.Max(s => s.LastSeen);
        SiloSummary[] alive = [.. silos.Where(s => s.Running > 0 || s.LastSeen > now - new CoordinatorOptions().LeaseDuration)];
        if (alive.Length > 0)
        {
            context.WriteWords(
                $"silos: {string.Join(", ", alive.Take(MaxRows).Select(Shown))}"
                + (alive.Length > MaxRows ? $" and {alive.Length - MaxRows} more" : string.Empty));
        }

        if (sweep.Host is { } host && sweep.Unfinished > 0)
            context.WriteWords($"its grain is on silo {Words.Clean(host)}");
        if (SweepWords.Silence(silos) is { } silence)
            context.WriteWords($"silent: {silence}");
        foreach (SiloSummary silo in silos.Where(s => s.Quarantined is not null))
        {
            context.WriteWords(
                $"quarantined: silo {Words.Clean(silo.Id)}: {Words.Clean(silo.Reason ?? string.Empty)}; "
                + $"it gets trials again after: sweep unquarantine {Words.Clean(silo.Id)}");
        }
    }

    private static string Shown(SiloSummary silo) => $"{Words.Clean(silo.Id)} ({SweepWords.Running(silo)}, {silo.Completed} completed, {silo.Failed} failed)";
}
