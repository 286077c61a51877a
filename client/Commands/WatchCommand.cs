using System.CommandLine;
using System.Text.Json;
using Sweep.Client.Running;
using Sweep.Client.Terminal;
using Sweep.Grains.Coordination;

namespace Sweep.Client.Commands;

/// <summary><c>sweep watch</c>: follows a sweep until it is done; does no work itself.</summary>
internal static class WatchCommand
{
    private static readonly JsonSerializerOptions OneLine = new(CommandContext.Json) { WriteIndented = false };
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    public static Command Create(CommandContext context)
    {
        var place = new StoreArguments();
        Option<bool> json = CommonOptions.Json();
        var command = new Command("watch", "show a sweep live, until it is done (Ctrl-C stops only watching)") { json };
        place.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            using var interrupt = new Interrupt();
            await using OpenSweep open = await place.OpenAsync(parsed, context, cancel);
            var view = new WatchView(context, open.Sweep);
            bool asJson = parsed.GetValue(json);
            try
            {
                SweepSummary end = asJson || !context.IsInteractive
                    ? await FollowAsync(context, open, s => Line(context, view, asJson, s), interrupt.Token)
                    : await view.LiveAsync(redraw => FollowAsync(context, open, redraw, interrupt.Token));
                return end.Failed + end.Cancelled == 0 ? ExitCode.Done : ExitCode.TrialsFailed;
            }
            catch (OperationCanceledException) when (interrupt.Token.IsCancellationRequested)
            {
                return ExitCode.Interrupted;
            }
        });
        return command;
    }

    /// <summary>Polls the sweep every second and shows changes, until no trial is left. Retries while the store doesn't answer.</summary>
    private static async Task<SweepSummary> FollowAsync(CommandContext context, OpenSweep open, Action<WatchMoment> show, CancellationToken cancel)
    {
        WatchMoment? last = null;
        while (true)
        {
            try
            {
                SweepSummary sweep = await open.Reader.FindAsync(open.Sweep.Id, cancel) ?? open.Sweep;
                IReadOnlyList<TrialSummary> running = await open.Reader.TrialsAsync(sweep.Id, TrialStatus.Running, 0, WatchView.MostRows, cancel);
                HashSet<string?> theirs = [.. running.Select(t => t.Silo)];
                IReadOnlyList<SiloSummary> silos = await open.Reader.SilosAsync(cancel);
                last = new WatchMoment(sweep, running, null) { Silent = [.. silos.Where(s => s.Silent is not null && theirs.Contains(s.Id))] };
            }
            catch (StoreException e) when (last is not null)
            {
                last = last with { Trouble = e.Message };
            }

            show(last);
            if (last.Trouble is null && last.Sweep.Queued + last.Sweep.Running == 0)
                return last.Sweep;
            await Task.Delay(Every, context.Time, cancel);
        }
    }

    private static void Line(CommandContext context, WatchView view, bool json, WatchMoment moment)
    {
        if (!view.IsNews(moment))
            return;
        if (json)
        {
            context.Out.WriteLine(JsonSerializer.Serialize(
                new { moment.Sweep, running = moment.Running.Select(TrialJson.Summary), moment.Trouble, silent = moment.Silent.Select(s => s.Id) },
                OneLine));
        }
        else
        {
            context.Out.WriteLine(view.Text(moment));
        }
    }
}
