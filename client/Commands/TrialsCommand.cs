using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Sweep.Client.Running;
using Sweep.Client.Terminal;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Client.Commands;

/// <summary><c>sweep trials</c>: a page of trials, by state.</summary>
internal static class TrialsCommand
{
    /// <summary>A narrower terminal gets a shorter table.</summary>
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

        // Words aren't broken; on a narrow terminal the axes are wrapped, and details that show has are omitted.
        bool narrow = context.Console.Profile.Width < Narrow;
        Table table = new Table().Border(TableBorder.Simple).AddColumns(Whole("trial"), new TableColumn("axes"), Whole("seed"), Whole("state"));
        table.AddColumns(narrow ? [Whole("log-\nlikelihood"), Whole("energy\ndistance")]
            : [Whole("attempts"), Whole("log-likelihood"), Whole("truth\nlevel"), Whole("energy distance")]);
        foreach (TrialSummary trial in trials)
        {
            MetricValue? likelihood = trial.Metrics?.GetValueOrDefault("log_likelihood");
            string[] first =
            [
                narrow ? trial.Trial.Id[..PrefixLength] : trial.Trial.Id, Markup.Escape(TrialWords.Axes(trial.Trial)),
                trial.Trial.Seed.ToString(CultureInfo.InvariantCulture), trial.Damage is null ? trial.State.ToString().ToLowerInvariant() : "damaged",
            ];
            string distance = Words.Number(trial.Metrics?.GetValueOrDefault("energy_distance")?.Value);
            table.AddRow(narrow
                ? [.. first, Words.Number(likelihood?.Value), distance]
                : [.. first, trial.Attempts.ToString(CultureInfo.InvariantCulture), Words.Number(likelihood?.Value), Words.Number(likelihood?.TruthLevel),
                    distance]);
        }

        context.Console.Write(table);
        if (trials.Count == most)
            context.Out.WriteLine($"there may be more: --skip {from + most}");
    }

    private static TableColumn Whole(string heading) => new TableColumn(heading).NoWrap();

    private static TrialStatus? State(string? text) =>
        text is null ? null
        : Enum.TryParse(text, ignoreCase: true, out TrialStatus state) && States.Contains(text, StringComparer.OrdinalIgnoreCase) ? state
        : throw new UsageException($"--state: {Words.Clean(text)}; allowed: {string.Join(", ", States)}");

    private static int AtLeast(int value, int minimum, string option) =>
        value >= minimum ? value : throw new UsageException($"{option}: {value}; allowed: {minimum} or more");
}
