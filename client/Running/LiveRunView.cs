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
    private const int MaxRunningRows = 12, LeastBar = 8;
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(200);

    public async Task ShowAsync(RunState state, Task run)
    {
        await console.Live(Render(state.Snapshot(), state, console.Profile.Width)).AutoClear(false).StartAsync(async live =>
        {
            while (!run.IsCompleted)
            {
                await Task.WhenAny(run, Task.Delay(Every, time)).ConfigureAwait(false);
                live.UpdateTarget(Render(state.Snapshot(), state, console.Profile.Width));
            }
        }).ConfigureAwait(false);
        foreach (string message in state.TakeMessages().Where(m => m != RunState.StoppingText).Concat(state.TakeFailures()))
            console.MarkupLineInterpolated($"[yellow]{Words.Clean(message)}[/]");
    }

    private static Rows Render(RunSnapshot s, RunState state, int width)
    {
        string percent = (100 * s.Fraction).ToString("0", CultureInfo.InvariantCulture);
        string left = s.Completed == s.Total ? "done" : s.Remaining is { } eta ? $"about {Words.Duration(eta)} left" : "…";
        string failed = s.Failed > 0 ? $"  [red]{s.Failed} failed[/]" : string.Empty;
        string name = Words.Clean(state.Name), counts = $"{s.Completed}/{s.Total} trials", times = $"{Words.Duration(s.Elapsed)}, {left}";

        // What is left of the line is the bar's; where that is too little the times have a line of their own.
        int rest = name.Length + counts.Length + times.Length + Markup.Remove(failed).Length + 14;
        bool oneLine = width - rest >= LeastBar;
        string bar = ProgressBar.Of(s.Fraction, Math.Clamp(width - (oneLine ? rest : rest - times.Length - 2), LeastBar, 32));
        List<IRenderable> rows =
        [
            new Markup($"[bold]{Markup.Escape(name)}[/]  {bar} {percent} %  {counts}{failed}{(oneLine ? $"  {times}" : "")}"),
        ];
        if (!oneLine)
            rows.Add(new Text($"  {times}"));
        if (state.IsStopping)
            rows.Add(new Markup($"[yellow]{RunState.StoppingText}[/]"));
        if (s.Running.Count > 0)
            rows.AddRange(RunningTable(s).Lines(width, fold: false).Select(line => new Text(line)));
        if (s.Running.Count > MaxRunningRows)
            rows.Add(new Text($" and {s.Running.Count - MaxRunningRows} more"));
        if (s.Best.Count > 0)
            rows.AddRange(BestTable(s).Lines(width, fold: false).Select(line => new Text(line)));
        return new Rows(rows);
    }

    private static TextTable RunningTable(RunSnapshot s)
    {
        TextTable table = new("running", "phase", "progress", "loss");
        foreach ((TrialSpec trial, LeaseProgress progress) in s.Running.Take(MaxRunningRows))
            table.Add(TrialWords.Of(trial), progress.Phase, progress.Fraction.ToString("P0", CultureInfo.InvariantCulture), Words.Number(progress.Loss));
        return table;
    }

    private static TextTable BestTable(RunSnapshot s)
    {
        TextTable table = new TextTable("dataset", "best so far", s.Best[0].Metric).Optional("truth level", "seeds");
        foreach (BestLine best in s.Best)
        {
            table.Add(best.Dataset, best.Group, Words.Number(best.Mean), Words.Number(best.TruthLevel), best.Seeds.ToString(CultureInfo.InvariantCulture));
        }

        return table;
    }
}
