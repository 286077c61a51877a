using System.CommandLine;
using System.Globalization;
using Sweep.Client.Running;
using Sweep.Client.Terminal;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Client.Commands;

/// <summary><c>sweep trials</c>: a page of trials, by state.</summary>
internal static class TrialsCommand
{
    /// <summary>A narrower terminal gets shorter ids.</summary>
    private const int Narrow = 110;

    /// <summary>Characters of an id, enough for show.</summary>
    private const int PrefixLength = 8;

    private static readonly string[] States = [.. Enum.GetNames<TrialStatus>().Select(n => n.ToLowerInvariant())];

    public static Command Create(CommandContext context)
    {
        var place = new StoreArguments();
        Option<bool> json = CommonOptions.Json();
        var state = new Option<string?>("--state") { Description = $"only trials in this state: {string.Join(", ", States)}", HelpName = "STATE" };
        var skip = new Option<int>("--skip") { Description = "skip this many", DefaultValueFactory = _ => 0 };
        var take = new Option<int>("--take") { Description = "show at most this many", DefaultValueFactory = _ => 200 };
        var where = new Option<string[]>("--where")
        {
            Description = "only trials with this axis value (may be repeated)", HelpName = "AXIS=VALUE",
        };
        var sort = new Option<string?>("--sort") { Description = "cost, attempts or a metric, such as log_likelihood; default: spec order", HelpName = "BY" };
        var descending = new Option<bool>("--descending") { Description = "largest first" };
        var command = new Command("trials", "list a sweep's trials: filter, sort, page") { state, where, sort, descending, skip, take, json };
        place.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            TrialStatus? wanted = State(parsed.GetValue(state));
            int from = AtLeast(parsed.GetValue(skip), 0, "--skip");
            int most = AtLeast(parsed.GetValue(take), 1, "--take");
            await using OpenSweep open = await place.OpenAsync(parsed, context, cancel);
            SweepSpec spec = await open.Store.SpecAsync(open.Sweep, cancel);
            var query = new TrialQuery
            {
                State = wanted,
                Where = TrialFilter.Read(spec, parsed.GetValue(where) ?? []),
                SortBy = TrialFilter.Sort(parsed.GetValue(sort)),
                Descending = parsed.GetValue(descending),
                Skip = from,
                Take = most,
            };
            IReadOnlyList<TrialSummary> trials = await open.Reader.TrialsAsync(open.Sweep.Id, query, cancel);
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

        string[] axes = [.. trials[0].Trial.Axes.Select(a => a.Key)];
        bool narrow = context.Console.Profile.Width < Narrow;
        TextTable table = new TextTable(["trial", .. axes.Select(a => a.Split('.')[^1]), "seed", "state", "log-likelihood", "energy distance"])
            .Optional("attempts", "truth level");
        foreach (TrialSummary trial in trials)
        {
            MetricValue? likelihood = trial.Metrics?.GetValueOrDefault("log_likelihood");
            table.Add(
            [
                narrow ? trial.Trial.Id[..PrefixLength] : trial.Trial.Id, .. axes.Select(a => TrialWords.Value(trial.Trial.Axes[a])),
                trial.Trial.Seed.ToString(CultureInfo.InvariantCulture), trial.Damage is null ? trial.State.ToString().ToLowerInvariant() : "damaged",
                Words.Number(likelihood?.Value), Words.Number(trial.Metrics?.GetValueOrDefault("energy_distance")?.Value),
                trial.Attempts.ToString(CultureInfo.InvariantCulture), Words.Number(likelihood?.TruthLevel),
            ]);
        }

        table.Write(context);
        if (trials.Count == most)
            context.Out.WriteLine($"there may be more: --skip {from + most}");
    }

    private static TrialStatus? State(string? text) =>
        text is null ? null
        : Enum.TryParse(text, ignoreCase: true, out TrialStatus state) && States.Contains(text, StringComparer.OrdinalIgnoreCase) ? state
        : throw new UsageException($"--state: {Words.Clean(text)}; allowed: {string.Join(", ", States)}");

    private static int AtLeast(int value, int minimum, string option) =>
        value >= minimum ? value : throw new UsageException($"{option}: {value}; allowed: {minimum} or more");
}
