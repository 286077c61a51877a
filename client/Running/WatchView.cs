using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;
using Sweep.Client.Cluster;
using Sweep.Client.Terminal;
using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Coordination;

namespace Sweep.Client.Running;

/// <summary>A watched sweep in words and, on a terminal, as a bar with the trials that run.</summary>
internal sealed class WatchView(CommandContext context, SweepSummary start)
{
    public const int MaxRows = 16;
    private const int PointsPerLine = 10;
    private readonly Pace _pace = new();
    private string _last = string.Empty;

    /// <summary>Whether a line would differ from the one before.</summary>
    /// <param name="json">For a program: also where curves have grown.</param>
    public bool IsNews(WatchMoment moment, bool json = false)
    {
        SweepSummary s = moment.Sweep;
        string silent = string.Join(' ', moment.Silent.Select(silo => silo.Id));
        string live = string.Join(' ', moment.Live.OrderBy(l => l.Key, StringComparer.Ordinal)
            .Select(l => $"{l.Key}/{l.Value.Attempt}/{l.Value.Losses.Count / PointsPerLine}/{l.Value.Scores.Count > 0}"));
        string key = $"{s.Completed} {s.Failed} {s.Cancelled} {s.Held} {s.Pruned} {s.Running} {s.Paused} {s.Unserved > 0} {silent} {moment.Trouble} "
            + $"{moment.Comparisons?.Completed} {(json ? live : "")}";
        bool news = key != _last;
        _last = key;
        return news;
    }

    public string Text(WatchMoment moment)
    {
        SweepSummary s = moment.Sweep;
        string line =
            $"{Words.Clean(s.Name)}: {SweepWords.State(s)}, {s.Completed}/{s.Total} trials ({Fraction(s).ToString("P0", CultureInfo.InvariantCulture)}), "
            + moment.Runs;
        if (s.Failed > 0)
            line += $", {s.Failed} failed";
        if (s.Cancelled > 0)
            line += $", {s.Cancelled} cancelled";
        line += (moment.Race ?? moment.Tuning) is { } stand ? $"; {stand}" : SweepWords.Stage(s);
        if (Remaining(s) is { } left)
            line += $", about {Words.Duration(left)} left";
        if (SweepWords.Waits(s) is { } waits)
            line += $"; {waits}";
        if (SweepWords.Silence(moment.Silent) is { } silence)
            line += $"; {silence}";
        return moment.Trouble is null ? line : $"{line}; {Words.Clean(moment.Trouble)}";
    }

    /// <summary>Redraws while the work goes on.</summary>
    public async Task<SweepSummary> LiveAsync(Func<Action<WatchMoment>, Task<SweepSummary>> work)
    {
        SweepSummary end = start;
        await context.Console.Live(new Text(string.Empty)).AutoClear(false).StartAsync(
            async live => end = await work(moment => live.UpdateTarget(Render(moment)))).ConfigureAwait(false);
        return end;
    }

    private static double Fraction(SweepSummary s) => s.CostTotal > 0 ? Math.Clamp(s.CostCompleted / s.CostTotal, 0, 1) : 1;

    /// <summary>By the estimated cost completed while it was watched.</summary>
    private TimeSpan? Remaining(SweepSummary s)
    {
        _pace.See(context.Time.GetUtcNow(), s.CostCompleted, s.Completed);
        return s.Unfinished > 0 && _pace.Rate(0) is { } rate ? TimeSpan.FromSeconds((s.CostTotal - s.CostCompleted) / rate.Cost) : null;
    }

    private static TextTable Compared(LiveComparisons compared)
    {
        TextTable table = new($"after {compared.Completed} trials", "difference", "95 %");
        foreach (ComparisonSection c in compared.Comparisons)
        {
            string of = string.Join(", ", c.Where.Select(w => $"{w.Key} {w.Value}"));
            table.Add($"{c.B} − {c.A}{(of.Length > 0 ? $" ({of})" : "")}", Words.Number(c.Difference.Mean),
                $"[{Words.Number(c.Difference.CiLow)}, {Words.Number(c.Difference.CiHigh)}]");
        }

        return table;
    }

    private Rows Render(WatchMoment moment)
    {
        int width = context.Console.Profile.Width;
        List<IRenderable> rows = [new Markup(ProgressBar.Of(Fraction(moment.Sweep), Math.Min(60, width - 2)))];
        void Say(string text, Style? style = null) => rows.AddRange(TextWrap.Lines(text, "", "  ", width - 1).Select(line => new Text(line, style)));
        Say(Text(moment with { Trouble = null, Silent = [] }));
        if (moment.Trouble is not null)
            Say(Words.Clean(moment.Trouble), Color.Yellow);
        if (SweepWords.Silence(moment.Silent) is { } silence)
            Say(silence, Color.Yellow);
        if (moment.Running.Count > 0)
        {
            TextTable table = new TextTable("running", "phase", "progress", "loss", "log-likelihood").Optional("silo");
            foreach (TrialSummary trial in moment.Running)
            {
                LiveTrial? live = moment.Live.GetValueOrDefault(trial.Trial.Id);
                table.Add(
                    TrialWords.Of(trial.Trial), live?.Phase ?? trial.Phase ?? "–",
                    (live?.Fraction ?? trial.Fraction)?.ToString("P0", CultureInfo.InvariantCulture) ?? "–", Words.Number(live?.Loss),
                    live is { Scores.Count: > 0 } ? Words.Number(live.Scores[^1]) : "–", trial.Silo ?? "–");
            }

            rows.AddRange(table.Lines(width, fold: false).Select(line => new Text(line)));
        }

        rows.AddRange((moment.Best?.Lines(width - 1) ?? []).Select(line => new Text(line)));
        if (moment.Comparisons is { Comparisons.Count: > 0 } compared)
            rows.AddRange(Compared(compared).Lines(width).Select(line => new Text(line)));
        return new Rows(rows);
    }
}
