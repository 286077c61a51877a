using System.Text.Json.Nodes;
using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Datasets.Findings;
using Sweep.Diffusion.Preprocessing;
using Sweep.Diffusion.Text;

namespace Sweep.Grains.Specs;

/// <summary>
/// What can be known of a sweep's data before anything runs: what its files hold, which fits must fail, and what a density can't describe. Takes seconds for
/// large data, so that only <c>sweep check</c> looks.
/// </summary>
public static class DataCheck
{
    /// <summary>Seeds whose split is looked at for columns that hardly vary.</summary>
    private const int MaxSeeds = 50;

    private const int MaxNamed = 8;

    /// <param name="reading">A valid one.</param>
    public static DataReport Of(SpecReading reading)
    {
        ArgumentNullException.ThrowIfNull(reading);
        if (!reading.IsValid) return new DataReport([], [], new HashSet<(string, string)>(), NothingFits: false);
        var check = new Looking(reading.Spec, reading.Axes);
        check.Look();
        return new DataReport(check.Files, [.. check.Warnings.OrderBy(w => w.Line)], check.Unfit, check.NothingFits);
    }

    /// <summary>One look at one spec.</summary>
    private sealed class Looking(SweepSpec spec, IReadOnlyList<ReadAxis> axes)
    {
        private readonly List<(string Label, IPreprocessing Preprocessing)> _preprocessings =
            [.. Axis(axes, "preprocessing").Where(v => v.Instance is IPreprocessing).Select(v => (v.Label, (IPreprocessing)v.Instance))];

        /// <summary>Trials differ in it by axis or variant.</summary>
        private readonly int[] _points = [.. TrialExpansion.All(spec).Select(t => t.Training.Points).Distinct().Order()];

        private readonly bool _likelihood = (spec.Resolved[DiagnosticsSection.Name] as JsonObject)?.ContainsKey("likelihood") ?? false;

        public List<FileFacts> Files { get; } = [];

        public List<SpecWarning> Warnings { get; } = [];

        public HashSet<(string Dataset, string Preprocessing)> Unfit { get; } = [];

        public bool NothingFits { get; private set; }

        public void Look()
        {
            List<(string Label, int Line, object Instance)> datasets = [.. Axis(axes, "dataset")];
            foreach (var (label, line, instance) in datasets)
            {
                if (instance is FileDataset file) LookInto(label, line, file);
                if (instance is IDataset dataset) CountPoints(label, line, dataset);
            }

            NothingFits = _preprocessings.Count > 0 && datasets.TrueForAll(d => _preprocessings.TrueForAll(p => Unfit.Contains((d.Label, p.Label))));
        }

        private void LookInto(string label, int line, FileDataset file)
        {
            Files.Add(new FileFacts(label, file.RowCount, file.DroppedRowCount, file.DistinctRowCount, file.ColumnNames, file.Image, file.Guesses));
            var rows = file.Rows;
            var findings = DataFindings.Of(rows, file.DroppedRowCount);
            foreach (var finding in findings)
            {
                var what = $"dataset {label}: {finding.Text}";
                var leaveOut = LeaveOut(finding, file);
                switch (finding.Kind)
                {
                    case DataFindingKind.Constant:
                        Warn(line, $"{what}{CantFit(label, FitNeeds.VaryingColumns)}{leaveOut}");
                        break;
                    case DataFindingKind.Dependent:
                        Warn(line, $"{what}{CantFit(label, FitNeeds.IndependentColumns)}{leaveOut}");
                        break;
                    case DataFindingKind.Outlier:
                        Warn(line, $"{what}: no preprocessing finds the others' shape beside it (fix or remove it)");
                        break;
                    case DataFindingKind.MissingCode:
                        Warn(line, $"{what}: remove such rows, or write NA and read with missing: drop");
                        break;
                    case DataFindingKind.RowNumbers:
                        Warn(line, $"{what}, which is not a quantity to model{leaveOut}");
                        break;
                    case DataFindingKind.Categories:
                        Warn(line, $"{what}: categories, between which samples will lie{leaveOut}");
                        break;
                    case DataFindingKind.Lattice or DataFindingKind.Ties when _likelihood:
                        Warn(line, $"{what}: there is no density, and diagnostics.likelihood falls without end as a model learns it");
                        break;
                }
            }

            LookAtSplits(label, line, file, [.. DataFindings.RarelyVarying(file.DistinctRows)]);
        }

        /// <summary>How to leave the columns out, where others are left then.</summary>
        private static string LeaveOut(DataFinding finding, FileDataset file)
        {
            int[] columns = [.. finding.Kind is DataFindingKind.Dependent ? finding.Columns.Take(1) : finding.Columns];
            return columns.Length == file.Dimensions ? ""
                : $" (leave out with except: "
                + $"[{string.Join(", ", columns.Take(MaxNamed).Select(j => YamlFlow.Name(file.ColumnNames[j])))}{(columns.Length > MaxNamed ? ", …" : "")}])";
        }

        /// <summary>Columns that vary in a few rows, all of which some seed may hold out.</summary>
        private void LookAtSplits(string label, int line, FileDataset file, int[] columns)
        {
            var fails = _preprocessings.Where(p => p.Preprocessing.Needs.HasFlag(FitNeeds.VaryingColumns)).Select(p => p.Label).ToList();
            if (columns.Length == 0 || fails.Count == 0) return;
            var seeds = new List<long>();
            var constant = new SortedSet<int>();
            foreach (var seed in spec.Seeds.Take(MaxSeeds))
            {
                var training = file.Draw(new SplitSizes(_points[0], 1, 1, 1), (ulong)seed).Training;
                int[] found = [.. columns.Where(j => Enumerable.Range(0, training.Count).All(i => training.Row(i)[j] == training.Row(0)[j]))];
                if (found.Length > 0) seeds.Add(seed);
                constant.UnionWith(found);
            }

            if (seeds.Count == 0) return;
            Warn(
                line, $"dataset {label}: column {string.Join(", ", constant.Select(j => file.ColumnNames[j]))} varies in so few distinct rows "
                + $"that seed {string.Join(", ", seeds)} holds them all out (equal rows stay together), "
                + $"and preprocessing {string.Join(", ", fails)} can't be fitted to what is left");
        }

        private void CountPoints(string label, int line, IDataset dataset)
        {
            int Count(int points) =>
                dataset is FileDataset file ? file.Draw(new SplitSizes(points, 1, 1, 1), (ulong)spec.Seeds[0]).Training.Count : points;
            var few = _points.Select(p => (Points: p, Count: Count(p)))
                .Where(n => n.Count <= dataset.Dimensions)
                .ToList();
            if (few.Count == 0) return;
            var all = few.Count == _points.Length;
            Warn(
                line, $"dataset {label}: {few[^1].Count} training points for {dataset.Dimensions} columns"
                + (all ? "" : $" where training.points is {few[^1].Points}")
                + $"{CantFit(label, FitNeeds.IndependentColumns, all)} (allowed: more points than columns)");
        }

        /// <summary>Says which preprocessings can't be fitted without this, and remembers it where it holds for all trials.</summary>
        private string CantFit(string label, FitNeeds need, bool always = true)
        {
            var fails = _preprocessings.Where(p => p.Preprocessing.Needs.HasFlag(need)).Select(p => p.Label).ToList();
            if (always) Unfit.UnionWith(fails.Select(f => (label, f)));
            return fails.Count == 0 ? "" : $": preprocessing {string.Join(", ", fails)} can't be fitted";
        }

        private void Warn(int line, string message) => Warnings.Add(new SpecWarning(line, SpecWords.Clean(message)));
    }

    private static IEnumerable<(string Label, int Line, object Instance)> Axis(IReadOnlyList<ReadAxis> axes, string name)
    {
        var axis = axes.First(a => string.Equals(a.Definition.Name, name, StringComparison.Ordinal));
        return axis.Labels.Select(ReadAxis.Text).Zip(axis.Lines, axis.Instances);
    }
}
