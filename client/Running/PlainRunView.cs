using System.Globalization;
using Sweep.Client.Terminal;

namespace Sweep.Client.Running;

/// <summary>Plain lines, for logs and pipes: one when something ended, at most every few seconds.</summary>
internal sealed class PlainRunView(TextWriter writer, TimeProvider time) : IRunView
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    public async Task ShowAsync(RunState state, Task run)
    {
        string last = string.Empty;
        while (true)
        {
            bool over = run.IsCompleted;
            foreach (string message in over ? [.. state.TakeMessages(), .. state.TakeFailures()] : state.TakeMessages())
                await writer.WriteLineAsync(Words.Clean(message)).ConfigureAwait(false);
            string line = Line(state.Snapshot());
            if (line != last)
                await writer.WriteLineAsync(line).ConfigureAwait(false);
            last = line;
            if (over)
                return;
            await Task.WhenAny(run, Task.Delay(Every, time)).ConfigureAwait(false);
        }
    }

    private static string Line(RunSnapshot s)
    {
        string percent = (100 * s.Fraction).ToString("0", CultureInfo.InvariantCulture);
        string line = $"{s.Completed}/{s.Total} trials ({percent} %), {s.Running.Count} running";
        if (s.Failed > 0)
            line += $", {s.Failed} failed";
        line += $", {Words.Duration(s.Elapsed)} so far";
        return s.Remaining is { } left && s.Completed < s.Total ? $"{line}, about {Words.Duration(left)} left" : line;
    }
}
