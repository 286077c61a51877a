using System.CommandLine;
using Sweep.Grains.Coordination;

namespace Sweep.Client.Commands;

/// <summary><c>pause</c>, <c>resume</c>, <c>cancel</c>, <c>retry</c>.</summary>
internal static class OperateCommands
{
    public static IEnumerable<Command> Create(CommandContext context) =>
    [
        Simple(context, "pause", "give no more leases; running trials are checkpointed and released",
            async (store, sweep, cancel) =>
            {
                await store.Coordinator.PauseAsync(sweep.Id, cancel);
                return $"paused {Words.Clean(sweep.Name)}; go on with: sweep resume";
            }),
        Simple(context, "resume", "give leases again",
            async (store, sweep, cancel) =>
            {
                await store.Coordinator.ResumeAsync(sweep.Id, cancel);
                return $"resumed {Words.Clean(sweep.Name)}";
            }),
        Simple(context, "cancel", "cancel what is queued or running; completed trials stay",
            async (store, sweep, cancel) =>
            {
                await store.Coordinator.CancelAsync(sweep.Id, cancel);
                return $"cancelled {Words.Clean(sweep.Name)}: {sweep.Completed} of {sweep.Total} trials were completed";
            }),
        Retry(context),
    ];

    private static Command Simple(
        CommandContext context, string verb, string description, Func<RunStore, SweepSummary, CancellationToken, Task<string>> act)
    {
        Argument<string?> name = CommonOptions.Sweep();
        Option<string?> outOption = CommonOptions.Out();
        var command = new Command(verb, description) { name, outOption };
        command.SetAction((parsed, cancel) => ActAsync(context, parsed.GetValue(name), parsed.GetValue(outOption), act, cancel));
        return command;
    }

    private static Command Retry(CommandContext context)
    {
        Argument<string?> name = CommonOptions.Sweep();
        Option<string?> outOption = CommonOptions.Out();
        var trials = new Option<string[]>("--trial")
        {
            Description = "only this trial (may be repeated)", HelpName = "TRIAL", AllowMultipleArgumentsPerToken = true,
        };
        var command = new Command("retry", "queue failed and cancelled trials again, with a fresh retry budget") { name, outOption, trials };
        command.SetAction((parsed, cancel) => ActAsync(
            context, parsed.GetValue(name), parsed.GetValue(outOption),
            async (store, sweep, token) =>
            {
                string[]? chosen = parsed.GetValue(trials) is { Length: > 0 } some ? some : null;
                int queued = await store.Coordinator.RetryAsync(sweep.Id, chosen, token);
                return $"{queued} trials queued again; run them with: sweep run SPEC";
            },
            cancel));
        return command;
    }

    private static async Task<int> ActAsync(
        CommandContext context, string? name, string? given, Func<RunStore, SweepSummary, CancellationToken, Task<string>> act,
        CancellationToken cancel)
    {
        RunDirectory run = RunDirectory.Existing(name, given);
        await using RunStore store = RunStore.Open(run, context.Time);
        SweepSummary sweep = await store.OnlySweepAsync(cancel);
        context.Out.WriteLine(await act(store, sweep, cancel));
        return ExitCode.Done;
    }
}
