using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Sweep.Client.Running;
using Sweep.Grains.Coordination;

namespace Sweep.Client.Commands;

/// <summary><c>sweep trials</c>: a page of trials, by state.</summary>
internal static class TrialsCommand
{
    private static readonly string[] States = [.. Enum.GetNames<TrialState>().Select(n => n.ToLowerInvariant())];

    public static Command Create(CommandContext context)
    {
        Argument<string?> name = CommonOptions.Sweep();
        Option<string?> outOption = CommonOptions.Out();
        Option<bool> json = CommonOptions.Json();
        var state = new Option<string?>("--state") { Description = $"only trials in this state: {string.Join(", ", States)}", HelpName = "STATE" };
        var skip = new Option<int>("--skip") { Description = "skip this many", DefaultValueFactory = _ => 0 };
        var take = new Option<int>("--take") { Description = "show at most this many", DefaultValueFactory = _ => 200 };
        var command = new Command("trials", "list a sweep's trials") { name, outOption, state, skip, take, json };
        command.SetAction(async (parsed, cancel) =>
        {
            TrialState? wanted = State(parsed.GetValue(state));
            int from = AtLeast(parsed.GetValue(skip), 0, "--skip");
            int most = AtLeast(parsed.GetValue(take), 1, "--take");
            RunDirectory run = RunDirectory.Existing(parsed.GetValue(name), parsed.GetValue(outOption));
            await using RunStore store = RunStore.Open(run, context.Time);
            SweepSummary sweep = await store.OnlySweepAsync(cancel);
            IReadOnlyList<TrialSummary> trials = await store.Reader.TrialsAsync(sweep.Id, wanted, from, most, cancel);
            if (parsed.GetValue(json))
                context.WriteJson(trials.Select(TrialJson.Summary));
            else
                Write(context, trials, from, most);
            return ExitCode.Done;
        });
        return command;
    }

    private static void Write(CommandContext context, IReadOnlyList<TrialSummary> trials, int from, int most)
    {
        if (trials.Count == 0)
        {
            context.Out.WriteLine("no such trials");
            return;
        }

        Table table = new Table().Border(TableBorder.Simple)
            .AddColumns("trial", "axes", "seed", "state", "attempts", "log-likelihood", "floor", "energy distance");
        foreach (TrialSummary trial in trials)
        {
            table.AddRow(
                trial.Trial.Id, Markup.Escape(TrialWords.Axes(trial.Trial)), trial.Trial.Seed.ToString(CultureInfo.InvariantCulture),
                trial.State.ToString().ToLowerInvariant(), trial.Attempts.ToString(CultureInfo.InvariantCulture),
                Words.Number(trial.Metrics?.GetValueOrDefault("log_likelihood")?.Value),
                Words.Number(trial.Metrics?.GetValueOrDefault("log_likelihood")?.Floor),
                Words.Number(trial.Metrics?.GetValueOrDefault("energy_distance")?.Value));
        }

        context.Console.Write(table);
        if (trials.Count == most)
            context.Out.WriteLine($"more may follow: --skip {from + most}");
    }

    private static TrialState? State(string? text) =>
        text is null ? null
        : Enum.TryParse(text, ignoreCase: true, out TrialState state) && States.Contains(text, StringComparer.OrdinalIgnoreCase) ? state
        : throw new UsageException($"--state: {Words.Clean(text)}; allowed: {string.Join(", ", States)}");

    private static int AtLeast(int value, int minimum, string option) =>
        value >= minimum ? value : throw new UsageException($"{option}: {value}; allowed: {minimum} or more");
}
