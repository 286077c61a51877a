using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;
using Sweep.Client.Terminal;
using Sweep.Grains.Coordination;

namespace Sweep.Client.Running;

/// <summary>A watched sweep in words and, on a terminal, as a bar with the trials that run.</summary>
internal sealed class WatchView(CommandContext context, SweepSummary start)
{
    public const int MostRows = 16;
    private readonly DateTimeOffset _began = context.Time.GetUtcNow();
    private string _last = string.Empty;

    /// <summary>Whether a line would differ from the one before.</summary>
    public bool IsNews(WatchMoment moment)
    {
        SweepSummary s = moment.Sweep;
        string silent = string.Join(' ', moment.Silent.Select(silo => silo.Id));
        string key = $"{s.Completed} {s.Failed} {s.Cancelled} {s.Running} {s.Paused} {s.Unserved > 0} {silent} {moment.Trouble}";
        bool news = key != _last;
        _last = key;
        return news;
    }

    public string Text(WatchMoment moment)
    {
        SweepSummary s = moment.Sweep;
        string line = $"{Words.Clean(s.Name)}: {SweepWords.State(s)}, {s.Completed}/{s.Total} trials ({Fraction(s).ToString("P0", CultureInfo.InvariantCulture)}), {s.Running} running";
        if (s.Failed > 0)
            line += $", {s.Failed} failed";
        if (s.Cancelled > 0)
            line += $", {s.Cancelled} cancelled";
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

    /// <summary>By the estimated cost completed since the watch began.</summary>
    private TimeSpan? Remaining(SweepSummary s)
    {
        double done = s.CostCompleted - start.CostCompleted;
        TimeSpan elapsed = context.Time.GetUtcNow() - _began;
        return done > 0 && elapsed > TimeSpan.FromSeconds(2) && s.Queued + s.Running > 0 ? elapsed * ((s.CostTotal - s.CostCompleted) / done) : null;
    }

    private Rows Render(WatchMoment moment)
    {
        int full = (int)Math.Round(Fraction(moment.Sweep) * 40);
        List<IRenderable> rows =
        [
            new Markup(
                $"[green]{new string('━', full)}[/][grey]{new string('━', 40 - full)}[/]  {Markup.Escape(Text(moment with { Trouble = null, Silent = [] }))}"),
        ];
        if (moment.Trouble is not null)
            rows.Add(new Markup($"[yellow]{Markup.Escape(Words.Clean(moment.Trouble))}[/]"));
        if (SweepWords.Silence(moment.Silent) is { } silence)
            rows.Add(new Markup($"[yellow]{Markup.Escape(silence)}[/]"));
        if (moment.Running.Count > 0)
        {
            Table table = new Table().Border(TableBorder.None).AddColumns("[dim]running[/]", "[dim]phase[/]", "[dim]progress[/]", "[dim]silo[/]");
            foreach (TrialSummary trial in moment.Running)
            {
                table.AddRow(
                    Markup.Escape(TrialWords.Of(trial.Trial)), trial.Phase ?? "–", trial.Fraction?.ToString("P0", CultureInfo.InvariantCulture) ?? "–",
                    Markup.Escape(Words.Clean(trial.Silo ?? "–")));
            }

            rows.Add(table);
        }

        return new Rows(rows);
    }
}
