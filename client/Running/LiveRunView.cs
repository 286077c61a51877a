using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;
using Sweep.Client.Terminal;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Client.Running;

/// <summary>For a terminal: an overall bar with the time left, running trials, the best group of each dataset so far.</summary>
internal sealed class LiveRunView(IAnsiConsole console, TimeProvider time) : IRunView
{
    private const int MaxRunningRows = 12;
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(200);

    public async Task ShowAsync(RunState state, Task run)
    {
        await console.Live(Render(state.Snapshot(), state)).AutoClear(false).StartAsync(async live =>
        {
            while (!run.IsCompleted)
            {
                await Task.WhenAny(run, Task.Delay(Every, time)).ConfigureAwait(false);
                live.UpdateTarget(Render(state.Snapshot(), state));
            }
        }).ConfigureAwait(false);
        foreach (string message in state.TakeMessages().Where(m => m != RunState.StoppingText).Concat(state.TakeFailures()))
            console.MarkupLineInterpolated($"[yellow]{Words.Clean(message)}[/]");
    }

    private static Rows Render(RunSnapshot s, RunState state)
    {
        string percent = (100 * s.Fraction).ToString("0", CultureInfo.InvariantCulture);
        string left = s.Completed == s.Total ? "done" : s.Remaining is { } eta ? $"about {Words.Duration(eta)} left" : "…";
        string failed = s.Failed > 0 ? $"  [red]{s.Failed} failed[/]" : string.Empty;
        List<IRenderable> rows =
        [
            new Markup($"[bold]{Markup.Escape(Words.Clean(state.Name))}[/]  {ProgressBar.Of(s.Fraction, 32)} {percent} %  "
                + $"{s.Completed}/{s.Total} trials{failed}  {Words.Duration(s.Elapsed)}, {left}"),
        ];
        if (state.IsStopping)
            rows.Add(new Markup($"[yellow]{RunState.StoppingText}[/]"));
        if (s.Running.Count > 0)
            rows.Add(RunningTable(s));
        if (s.Best.Count > 0)
            rows.Add(BestTable(s));
        return new Rows(rows);
    }

    private static Table RunningTable(RunSnapshot s)
    {
        Table table = new Table().Border(TableBorder.None).AddColumns("[dim]running[/]", "[dim]phase[/]", "[dim]progress[/]", "[dim]loss[/]");
        foreach ((TrialSpec trial, LeaseProgress progress) in s.Running.Take(MaxRunningRows))
        {
            table.AddRow(
                Markup.Escape(TrialWords.Of(trial)), progress.Phase, ProgressBar.Of(progress.Fraction, 16), Words.Number(progress.Loss));
        }

        if (s.Running.Count > MaxRunningRows)
            table.AddRow($"[dim]and {s.Running.Count - MaxRunningRows} more[/]");
        return table;
    }

    private static Table BestTable(RunSnapshot s)
    {
        Table table = new Table().Border(TableBorder.None).AddColumns(
            "[dim]dataset[/]", "[dim]best so far[/]", $"[dim]{Markup.Escape(s.Best[0].Metric)}[/]", "[dim]truth level[/]", "[dim]seeds[/]");
        foreach (BestLine best in s.Best)
        {
            table.AddRow(
                Markup.Escape(Words.Clean(best.Dataset)), Markup.Escape(best.Group), Words.Number(best.Mean), Words.Number(best.TruthLevel),
                best.Seeds.ToString(CultureInfo.InvariantCulture));
        }

        return table;
    }
}
