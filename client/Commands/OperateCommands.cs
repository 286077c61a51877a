using System.CommandLine;
using Sweep.Client.Terminal;
using Sweep.Grains.Coordination;

namespace Sweep.Client.Commands;

/// <summary><c>pause</c>, <c>resume</c>, <c>cancel</c>, <c>retry</c>, <c>unquarantine</c>.</summary>
internal static class OperateCommands
{
    public static IEnumerable<Command> Create(CommandContext context) =>
    [
        Simple(context, "pause", "start no more trials; running ones are checkpointed and released",
            async (store, sweep, cancel) =>
            {
                await store.Operations.PauseAsync(sweep.Id, cancel);
                return $"paused {Words.Clean(sweep.Name)}; continue with: sweep resume";
            }),
        Simple(context, "resume", "continue a paused sweep",
            async (store, sweep, cancel) =>
            {
                await store.Operations.ResumeAsync(sweep.Id, cancel);
                return $"resumed {Words.Clean(sweep.Name)}";
            }),
        Simple(context, "cancel", "cancel queued and running trials; completed ones are kept",
            async (store, sweep, cancel) =>
            {
                await store.Operations.CancelAsync(sweep.Id, cancel);
                return $"cancelled {Words.Clean(sweep.Name)}: {sweep.Completed} of {sweep.Total} trials were completed";
            }),
        Retry(context),
        Unquarantine(context),
    ];

    private static Command Simple(
        CommandContext context, string verb, string description, Func<RunStore, SweepSummary, CancellationToken, Task<string>> act)
    {
        var place = new StoreArguments();
        var command = new Command(verb, description);
        place.AddTo(command);
        command.SetAction((parsed, cancel) => ActAsync(context, place, parsed, act, cancel));
        return command;
    }

    private static Command Retry(CommandContext context)
    {
        var place = new StoreArguments();
        var trials = new Option<string[]>("--trial")
        {
            Description = "only this trial (may be repeated)", HelpName = "TRIAL", AllowMultipleArgumentsPerToken = true,
        };
        var completed = new Option<string[]>("--completed")
        {
            Description = "discard the results of these completed trials and run them again (ids, or unique prefixes)", HelpName = "TRIAL",
                AllowMultipleArgumentsPerToken = true,
        };
        var command = new Command("retry",
            "queue failed and cancelled trials again, with a fresh retry budget; or completed ones, whose results are discarded") { trials, completed };
        place.AddTo(command);
        command.SetAction((parsed, cancel) => ActAsync(
            context, place, parsed,
            async (store, sweep, token) =>
            {
                string[]? chosen = parsed.GetValue(trials) is { Length: > 0 } some ? some : null;
                int queued;
                if (parsed.GetValue(completed) is not { Length: > 0 } discarded)
                    queued = await store.Operations.RetryAsync(sweep.Id, chosen, token);
                else if (chosen is null)
                    queued = await store.Operations.DiscardAsync(sweep.Id, await CompletedAsync(store, sweep, discarded, token), token);
                else
                    throw new UsageException("--trial together with --completed; allowed: one of them");
                return store.IsCluster ? $"{queued} trials queued again" : $"{queued} trials queued again; run them with: sweep run SPEC";
            },
            cancel));
        return command;
    }

    /// <summary>The ids of completed trials with these prefixes.</summary>
    private static async Task<string[]> CompletedAsync(RunStore store, SweepSummary sweep, string[] asked, CancellationToken cancel)
    {
        List<string> ids = [];
        foreach (string prefix in asked)
        {
            TrialSummary trial = (await ShowCommand.FindAsync(store, sweep, prefix, cancel)).Summary;
            if (trial.State != TrialStatus.Completed)
            {
                string state = trial.State.ToString().ToLowerInvariant();
                throw new UsageException($"--completed: {trial.Trial.Id} is {state}; allowed: completed trials (sweep trials --state completed lists them)");
            }

            ids.Add(trial.Trial.Id);
        }

        return [.. ids];
    }

    private static Command Unquarantine(CommandContext context)
    {
        var silo = new Argument<string>("silo") { Description = "a quarantined silo's id, as sweep status shows it", HelpName = "SILO" };
        var place = new StoreArguments();
        var command = new Command("unquarantine", "let a quarantined silo work again, with a clean record") { silo };
        place.AddTo(command);
        command.SetAction((parsed, cancel) => ActAsync(
            context, place, parsed,
            async (store, _, token) =>
            {
                string id = parsed.GetValue(silo)!;
                if (await store.Operations.LiftQuarantineAsync(id, token))
                    return $"{Words.Clean(id)} gets trials again";
                string[] quarantined = [.. (await store.Reader.SilosAsync(token)).Where(s => s.Quarantined is not null).Select(s => Words.Clean(s.Id))];
                throw new UsageException(
                    $"not quarantined: {Words.Clean(id)}; {(quarantined.Length == 0 ? "no silo is" : $"allowed: {string.Join(", ", quarantined)}")}");
            },
            cancel));
        return command;
    }

    private static async Task<int> ActAsync(
        CommandContext context, StoreArguments place, ParseResult parsed, Func<RunStore, SweepSummary, CancellationToken, Task<string>> act,
        CancellationToken cancel)
    {
        await using OpenSweep open = await place.OpenAsync(parsed, context, cancel);
        context.Out.WriteLine(await act(open.Store, open.Sweep, cancel));
        return ExitCode.Done;
    }
}
