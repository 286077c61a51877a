using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Preprocessing;

namespace Sweep.Grains.Specs;

/// <summary>
/// Whether the trials of a spec will have what its expectations and its headline are about: a claim that no result could decide is an error before anything
/// runs. Groups can be missing only in a search: every combination of an axis' values has one otherwise.
/// </summary>
internal sealed class ExpectationCheck(SweepSpec spec, IReadOnlyList<ReadAxis> axes, SpecErrors errors)
{
    private readonly Lazy<List<(TrialSpec Trial, IDataset Dataset, IPreprocessing? Preprocessing)>> _points = new(() => Points(spec, axes));

    /// <summary>Reports, for each expectation, the first trial without its metric, and a headline or a metric of the front that no trial has.</summary>
    public void Report(IReadOnlyList<(ExpectationSpec Expectation, int Line)> expectations, int metricLine, int frontLine, int tuneLine)
    {
        ReportMissing("compare.metric", spec.Compare.Metric, metricLine);
        foreach (var metric in spec.Compare.Pareto) ReportMissing("compare.pareto", metric, frontLine);
        if (spec.Tune is not null) ReportUntunable(spec.Tune, tuneLine);
        for (var i = 0; i < expectations.Count; i++)
        {
            var (expectation, line) = expectations[i];
            Report(expectation, $"expect: {SpecWords.Show(expectation.Claim)}", line);
            foreach (var control in expectation.Controls.Select(c => c.Of(expectation)))
                Report(control, $"expect: {SpecWords.Show(expectation.Claim)}: control {SpecWords.Clean(control.Claim)}", line);
        }
    }

    private void ReportMissing(string what, string metric, int line)
    {
        if ((MetricCatalog.IsReadOff(metric) || MetricCatalog.Entry(metric)?.Diagnostic is not null)
            && _points.Value.TrueForAll(p => MetricCheck.Missing(metric, p.Trial, p.Dataset, p.Preprocessing) is not null))
            errors.Add(line,
                $"{what}: {metric} {MetricCheck.Missing(metric, _points.Value[0].Trial, _points.Value[0].Dataset, _points.Value[0].Preprocessing)}; "
                + "allowed: what some trial has");
    }

    private void Report(ExpectationSpec expectation, string what, int line)
    {
        var covered = _points.Value.Where(p => spec.Axes.All(a => expectation.Covers(a.Name, ReadAxis.Text(p.Trial.Axes[a.Name]!)))).ToList();
        if (covered.Count == 0)
            errors.Add(line, $"{what}: where covers none of the {spec.Places.Count} groups of the search; allowed: what some group has, or more groups");
        foreach (var metric in (expectation with { Controls = [] }).NamedMetrics)
        {
            var without = covered.FirstOrDefault(p => MetricCheck.Missing(metric, p.Trial, p.Dataset, p.Preprocessing) is not null);
            if (without.Trial is null) continue;
            var place = Place(without.Trial);
            errors.Add(line,
                $"{what}: {metric} {MetricCheck.Missing(metric, without.Trial, without.Dataset, without.Preprocessing)}"
                + $"{(place.Length > 0 ? $" (at {SpecWords.Clean(place)})" : "")}; allowed: what every trial that where covers has");
        }
    }

    /// <summary>An arm none of whose trials has a score can't be tuned.</summary>
    private void ReportUntunable(TuneSpec tune, int line)
    {
        var without = _points.Value.FirstOrDefault(p => MetricCheck.Missing(tune.Metric, p.Trial, p.Dataset, p.Preprocessing) is not null);
        if (without.Trial is null) return;
        var place = Place(without.Trial);
        errors.Add(line,
            $"{TuneSpec.Key}.metric: {tune.Metric} {MetricCheck.Missing(tune.Metric, without.Trial, without.Dataset, without.Preprocessing)}"
            + $"{(place.Length > 0 ? $" (at {SpecWords.Clean(place)})" : "")}; allowed: what every trial has");
    }

    private string Place(TrialSpec trial) => string.Join(
        ", ", spec.Axes.Where(a => a.Values.Count > 1).Select(a => $"{a.Name} {ReadAxis.Text(trial.Axes[a.Name]!)}"));

    /// <summary>One trial per group, with the dataset it draws from and its preprocessing.</summary>
    private static List<(TrialSpec Trial, IDataset Dataset, IPreprocessing? Preprocessing)> Points(SweepSpec spec, IReadOnlyList<ReadAxis> axes)
    {
        var (datasets, preprocessings) = (Instances(axes, "dataset"), Instances(axes, "preprocessing"));
        return [.. TrialExpansion.Expand(spec with { Seeds = [spec.Seeds[0]] })
            .Select(t => (t, (IDataset)datasets[t.Dataset.Name], preprocessings[t.Preprocessing.Name] as IPreprocessing))];
    }

    private static Dictionary<string, object> Instances(IReadOnlyList<ReadAxis> axes, string name)
    {
        var axis = axes.First(a => string.Equals(a.Definition.Name, name, StringComparison.Ordinal));
        return axis.Labels.Zip(axis.Instances).ToDictionary(d => ReadAxis.Text(d.First), d => d.Second, StringComparer.Ordinal);
    }
}
