using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Sweep.Client.Terminal;
using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Specs;
using Sweep.Silo;

namespace Sweep.Client.Commands;

/// <summary><c>sweep check SPEC</c>: validates; prints axes, trial count and an estimate of the time; runs nothing.</summary>
internal static class CheckCommand
{
    public static Command Create(CommandContext context)
    {
        Argument<string> spec = CommonOptions.Spec();
        Option<bool> json = CommonOptions.Json();
        var slots = new Option<int?>("--slots") { Description = "concurrent trials to estimate for (default: one per core)", HelpName = "N" };
        var command = new Command("check", "validate a spec; print its axes, trial count and an estimate of the time") { spec, slots, json };
        command.SetAction(parsed =>
        {
            int atATime = parsed.GetValue(slots) ?? Environment.ProcessorCount;
            if (atATime is < 1 or > 4096)
                throw new UsageException($"--slots: {atATime}; allowed: 1 to 4096");
            string path = parsed.GetValue(spec)!;
            SpecReading reading = SpecFile.Reading(context, path);
            if (reading.Spec is not { } read)
                return ExitCode.Usage;
            DataReport data = DataCheck.Of(reading);
            CheckedData.WriteWarnings(context, path, data.Warnings);
            if (data.NothingFits)
            {
                if (!parsed.GetValue(json))
                    CheckedData.WriteFiles(context, data);
                context.Error.WriteLine(
                    $"{path}:1: no preprocessing can be fitted to any data set, so that every trial would fail; "
                    + "allowed: a spec of which some trial can be run");
                return ExitCode.Usage;
            }

            TimeEstimate estimate = TimeEstimate.Measure(read, atATime, context.Time);
            SpecWarning[] failures = [.. estimate.Failures.Where(f => !data.Unfit.Contains((f.Trial.Dataset.Name, f.Trial.Preprocessing.Name)))
                .Select(f => new SpecWarning(1, f.Why))];
            CheckedData.WriteWarnings(context, path, failures);
            int family = FamilyWords.Size(read);
            if (parsed.GetValue(json))
            {
                context.WriteJson(new
                {
                    name = read.Name,
                    id = read.Id,
                    axes = read.Axes,
                    search = read.Search,
                    tune = TuningWords.Budget(read),
                    seeds = read.Seeds,
                    trials = read.TrialCount,
                    data = CheckedData.Json(data),
                    warnings = data.Warnings.Concat(failures),
                    expectations = read.Expectations.Select(e => e.Claim),
                    family = new
                    {
                        metric = read.Compare.Metric, comparisons = family,
                        smallest_effect = read.Race is null ? FamilyWords.SmallestEffect(read.Seeds.Count, family) : null,
                    },
                    race = RaceWords.Outlook(read, family),
                    estimate = new { seconds = estimate.Wall.TotalSeconds, core_seconds = estimate.Work.TotalSeconds, slots = atATime },
                });
            }
            else
            {
                Write(context, read, atATime, estimate, data, family);
            }

            return ExitCode.Done;
        });
        return command;
    }

    /// <summary><c>from 0.0001 to 0.1, log</c>.</summary>
    private static string RangeWords(AxisRange range) => string.Create(
        CultureInfo.InvariantCulture, $"from {range.From} to {range.To}, {range.Scale}{(range.Integer ? ", whole numbers" : "")}");

    private static void Write(CommandContext context, SweepSpec spec, int slots, TimeEstimate estimate, DataReport data, int family)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumns("axis", "values", "");
        foreach (SweepAxis axis in spec.Axes)
        {
            string values = string.Join(", ", axis.Values.Select(
                v => v.GetValueKind() == System.Text.Json.JsonValueKind.String ? v.GetValue<string>() : v.ToJsonString()));
            if (axis.Range is { } range)
                values = RangeWords(range);
            table.AddRow(Markup.Escape(axis.Name), axis.Values.Count.ToString(CultureInfo.InvariantCulture), Markup.Escape(Words.Clean(values)));
        }

        table.AddRow("seed", spec.Seeds.Count.ToString(CultureInfo.InvariantCulture),
            string.Join(", ", spec.Seeds.Take(20)) + (spec.Seeds.Count > 20 ? ", …" : string.Empty));
        context.Console.Write(table);
        CheckedData.WriteFiles(context, data);
        context.Out.WriteLine($"{Words.Clean(spec.Name)}: {Words.Count(spec.TrialCount)} trials");
        if (spec.Search is null)
        {
            context.Out.WriteLine(
                $"compares {Words.Clean(spec.Compare.Axis)} with {Words.Clean(spec.Compare.Baseline)} by {Words.Clean(spec.Compare.Metric)}");
        }

        IEnumerable<string> findable = spec.Search is not null ? SearchWords.Check(spec)
            : spec.Race is not null && family > 0 ? RaceWords.Check(spec, family) : FamilyWords.Check(spec.Seeds.Count, family);
        findable = TuningWords.Check(spec).Concat(findable);
        foreach (string line in findable.SelectMany(l => TextWrap.Lines(l, "", "  ", TextWrap.Width(context.Console))))
            context.Out.WriteLine(line);
        if (spec.Expectations.Count > 0)
            context.Out.WriteLine($"expects: {spec.Expectations.Count} {(spec.Expectations.Count == 1 ? "claim" : "claims")}, all decidable by its trials");
        string time = $"estimated time: {(spec.Race is null ? "" : "at most ")}{Words.Duration(estimate.Wall)} on {slots} slots "
            + $"({Words.Duration(estimate.Work)} of one core), based on rates just measured on this machine";
        foreach (string line in TextWrap.Lines(time, "", "  ", TextWrap.Width(context.Console)))
            context.Out.WriteLine(line);
    }
}
