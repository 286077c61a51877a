using System.CommandLine;
using Sweep.Client.Terminal;
using Sweep.Grains.Coordination;
using Sweep.Grains.Storage.Postgres;

namespace Sweep.Client.Commands;

/// <summary><c>pause</c>, <c>resume</c>, <c>cancel</c>, <c>retry</c>, <c>delete</c>, <c>note</c>, <c>unquarantine</c>.</summary>
internal static class OperateCommands
{
    public static IEnumerable<Command> Create(CommandContext context) =>
    [
        Simple(context, "pause", "start no more trials; running ones are checkpointed and released", OperatorRequest.Pause, (name, changed) =>
            changed ? $"paused {name}; continue with: sweep resume" : $"{name} was paused already; continue with: sweep resume"),
        Simple(context, "resume", "continue a paused sweep", OperatorRequest.Resume, (name, changed) => changed ? $"resumed {name}" : $"{name} was not paused"),
        Cancel(context),
        Retry(context),
        Delete(context),
        Note(context),
        Unquarantine(context),
    ];

    /// <param name="done">By the sweep's name, and whether it was otherwise before.</param>
    private static Command Simple(
        CommandContext context, string verb, string description, Func<string, OperatorRequest> ask, Func<string, bool, string> done)
    {
        var place = new StoreArguments();
        var command = new Command(verb, description);
        place.AddTo(command);
        command.SetAction((parsed, cancel) => ActAsync(
            context, place, parsed,
            async (store, sweep, token) => NothingLeft(sweep, verb)
                ?? await RequestAsync(store, ask(sweep.Id), count => done(Words.Clean(sweep.Name), count > 0), token),
            cancel,
            open => verb == "resume" && open.IsAbandoned(open.Sweep with { Paused = false })
                ? "no process works on it now; run it with: sweep run SPEC" : null));
        return command;
    }

    private static Command Cancel(CommandContext context)
    {
        var place = new StoreArguments();
        var command = new Command("cancel", "cancel queued and running trials, or only those named; completed ones are kept");
        place.AddTo(command);
        var trials = new Argument<string[]>("trial")
        {
            Description = "only these trials (ids, or unique prefixes)", HelpName = "TRIAL", Arity = ArgumentArity.ZeroOrMore,
        };
        command.Add(trials);
        command.SetAction((parsed, cancel) => ActAsync(
            context, place, parsed,
            async (store, sweep, token) =>
            {
                string[]? chosen = parsed.GetValue(trials) is { Length: > 0 } some ? await IdsAsync(store, sweep, some, token) : null;
                return NothingLeft(sweep, "cancel") ?? await RequestAsync(
                    store, OperatorRequest.Cancel(sweep.Id, chosen),
                    count => chosen is null
                        ? $"cancelled {Words.Clean(sweep.Name)}: {sweep.Completed} of {sweep.Total} trials were completed"
                        : $"{count} of {chosen.Length} trials of {Words.Clean(sweep.Name)} are cancelled, or will be at their silo's next heartbeat "
                            + "unless they complete before; those that had ended stay",
                    token);
            },
            cancel));
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
                string over = sweep is { Looks: > 0, Look: 0 } ? " (its race is over: what it decided stays)" : "";
                OperatorRequest request;
                if (parsed.GetValue(completed) is not { Length: > 0 } discarded)
                    request = OperatorRequest.Retry(sweep.Id, chosen is null ? null : await IdsAsync(store, sweep, chosen, token));
                else if (chosen is null)
                    request = OperatorRequest.Discard(sweep.Id, await CompletedAsync(store, sweep, discarded, token));
                else
                    throw new UsageException("--trial together with --completed; allowed: one of them");
                return await RequestAsync(
                    store, request, queued => queued switch
                    {
                        0 when chosen is null => $"nothing to retry: no trial of {Words.Clean(sweep.Name)} has failed or was cancelled",
                        0 => "nothing to retry: none of these trials has failed or was cancelled",
                        _ when store.IsCluster => $"{queued} trials queued again{over}",
                        _ => $"{queued} trials queued again{over}; run them with: sweep run SPEC",
                    },
                    token);
            },
            cancel));
        return command;
    }

    /// <summary>The ids of trials with these prefixes.</summary>
    private static async Task<string[]> IdsAsync(RunStore store, SweepSummary sweep, string[] asked, CancellationToken cancel)
    {
        List<string> ids = [];
        foreach (string prefix in asked)
            ids.Add((await ShowCommand.FindAsync(store, sweep, prefix, cancel)).Summary.Trial.Id);
        return [.. ids];
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

    private static Command Delete(CommandContext context)
    {
        var sweep = new Argument<string>("sweep") { Description = "the sweep's name or id", HelpName = "SWEEP" };
        Option<string?> store = CommonOptions.Store();
        var command = new Command("delete", "delete a cluster's sweep with its trials and results, and what its silos keep of it") { sweep, store };
        command.SetAction(async (parsed, cancel) =>
        {
            if (StoreArguments.Url(parsed.GetValue(store), null) is not { } url)
            {
                string folder = Words.Clean(RunDirectory.For(parsed.GetValue(sweep)!, null).Shown);
                throw new UsageException($"delete in which store? allowed: with --store URL. A run's folder is deleted as a whole: rm -r {folder}");
            }

            await using RunStore open = await RunStore.OpenAsync(url, context.Time, StoreOpening.Existing, cancel);
            SweepSummary found = await open.SweepAsync(parsed.GetValue(sweep), cancel);
            context.Out.WriteLine(await RequestAsync(
                open, OperatorRequest.Delete(found.Id),
                count => $"deleted {Words.Clean(found.Name)}: {count} trials, {found.Completed} of them completed; "
                    + "silos remove its artifacts within a minute, or when they return",
                cancel));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Note(CommandContext context)
    {
        var text = new Option<string?>("--text") { Description = "what to note, in place of the text before; '' removes it", HelpName = "TEXT" };
        var tags = new Option<string[]>("--tag")
        {
            Description = "a tag to find it by, in place of those before (may be repeated); '' removes them", HelpName = "TAG",
                AllowMultipleArgumentsPerToken = true,
        };
        var place = new StoreArguments();
        var command = new Command("note", "write a note and tags on a sweep, or show them") { text, tags };
        place.AddTo(command);
        command.SetAction((parsed, cancel) => ActAsync(
            context, place, parsed,
            async (store, sweep, token) =>
            {
                SweepNote before = sweep.Note ?? SweepNote.None;
                string? words = parsed.GetValue(text);
                string[]? names = parsed.GetValue(tags) is { Length: > 0 } some ? some : null;
                if (words is null && names is null)
                    return before.IsEmpty ? $"nothing is noted of {Words.Clean(sweep.Name)}" : Shown(before);
                SweepNote note;
                try
                {
                    note = SweepNote.Of(words ?? before.Text, names ?? before.Tags);
                }
                catch (ArgumentException e)
                {
                    throw new UsageException($"--{Words.Clean(e.Message)}", e);
                }

                return await RequestAsync(store, OperatorRequest.Annotate(sweep.Id, note), changed => (note.IsEmpty, changed) switch
                {
                    (true, _) => $"nothing is noted of {Words.Clean(sweep.Name)} any more",
                    (_, 0) => $"that is noted of {Words.Clean(sweep.Name)} already",
                    _ => $"noted of {Words.Clean(sweep.Name)}",
                }, token);
            },
            cancel));
        return command;
    }

    /// <summary>The tags on the first line, the text below.</summary>
    private static string Shown(SweepNote note) => string.Join('\n',
        new[] { note.Tags.Count == 0 ? "" : $"tags: {string.Join(", ", note.Tags.Select(t => Words.Clean(t)))}" }
            .Concat(note.Text.Split('\n').Select(l => Words.Clean(l))).SkipWhile(l => l.Length == 0));

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
                string[] quarantined = [.. (await store.Reader.SilosAsync(token)).Where(s => s.Quarantined is not null).Select(s => s.Id)];
                if (!quarantined.Contains(id, StringComparer.Ordinal))
                {
                    string allowed = quarantined.Length == 0 ? "no silo is" : $"allowed: {string.Join(", ", quarantined.Select(s => Words.Clean(s)))}";
                    throw new UsageException($"not quarantined: {Words.Clean(id)}; {allowed}");
                }

                return await RequestAsync(store, OperatorRequest.Unquarantine(id), _ => $"{Words.Clean(id)} gets trials again", token);
            },
            cancel));
        return command;
    }

    /// <summary>Why there is nothing to pause, resume or cancel; null where there may be.</summary>
    private static string? NothingLeft(SweepSummary sweep, string verb) => sweep.Unfinished > 0 || sweep.Paused ? null
        : $"{Words.Clean(sweep.Name)} is {SweepWords.State(sweep)} ({sweep.Completed} of {sweep.Total} trials completed): nothing to {verb}";

    /// <summary>Asks, and says what became of it.</summary>
    /// <param name="done">By how many trials it concerned.</param>
    private static async Task<string> RequestAsync(RunStore store, OperatorRequest request, Func<int, string> done, CancellationToken cancel)
    {
        bool isServed = await store.IsServedAsync(cancel);
        RequestRecord record = await store.Operations.RequestAsync(request, isServed ? RequestWords.Patience : TimeSpan.Zero, cancel);
        return RequestWords.NotDone(record, isServed) ?? done(record.Count);
    }

    private static async Task<int> ActAsync(
        CommandContext context, StoreArguments place, ParseResult parsed, Func<RunStore, SweepSummary, CancellationToken, Task<string>> act,
        CancellationToken cancel, Func<OpenSweep, string?>? after = null)
    {
        await using OpenSweep open = await place.OpenAsync(parsed, context, cancel);
        context.Out.WriteLine(await act(open.Store, open.Sweep, cancel));
        if (after?.Invoke(open) is { } more)
            context.Out.WriteLine(more);
        return ExitCode.Done;
    }
}
