using System.Globalization;
using System.Text;
using Sweep.Diffusion.Diagnostics;
using Sweep.Diffusion.Metrics;
using Sweep.Diffusion.Networks.Reference;
using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Specs;
using static Sweep.Client.Report.MarkdownText;

namespace Sweep.Client.Report;

/// <summary>The diagnostics' part of <c>report.md</c>: means at some of the levels; the rest, and the intervals, are in report.json.</summary>
internal static class DiagnosticsMarkdown
{
    /// <summary>Columns of a curve's table at most.</summary>
    private const int MaxColumns = 8;

    /// <summary>The level whose curves over training are shown, or the nearest to it.</summary>
    private const double ShownSigma = 0.5;

    private static readonly string[] SigmaNames = [.. DiagnosedBy(DiagnosticNames.Bifurcation), .. DiagnosedBy(DiagnosticNames.SymmetryBreaking)];

    private static readonly string[] ErrorNames = [.. DiagnosedBy(DiagnosticNames.ErrorDecomposition)];

    private static readonly string[] ComponentNames = [.. DiagnosedBy(DiagnosticNames.PrincipalComponents), .. DiagnosedBy(DiagnosticNames.Collapse)];

    /// <summary>Metrics that have their tables here.</summary>
    public static bool Has(string metric) => SigmaNames.Concat(ErrorNames).Concat(ComponentNames).Contains(metric, StringComparer.Ordinal);

    /// <summary>Writes nothing for a report without diagnostics.</summary>
    public static void Write(StringBuilder text, ReportDocument document)
    {
        StringBuilder body = new();
        string[] references = References(document);
        Curves(body, document, "Share of the score explained by reference denoisers", "reference", Named(references, CurveNames.ExplainedScore), "sigma");
        Curves(body, document, "Share of x0-hat explained by reference denoisers", "reference", Named(references, CurveNames.ExplainedDenoiser), "sigma");
        Curves(body, document, "Share of the score explained, mean over points of uncentred ratios", "reference",
            Named(references, CurveNames.ExplainedPerSample), "sigma");
        Curves(body, document, "Share of probability-flow paths predicted by reference denoisers", "reference",
            Named(references, CurveNames.ExplainedPath), "sigma");
        Curves(body, document, "Gain of x0-hat at the data's mean", "denoiser", Models(CurveNames.MeanGain), "sigma");
        Curves(body, document, "Share of a path's end along principal components that x0-hat has", "component", Along(document, CurveNames.Emerged), "sigma");
        Curves(body, document, "Step along principal components that is left", "component", Along(document, CurveNames.Perturbation), "sigma");
        Curves(body, document, "Share of paths outside a plane", "plane",
            [(CurveNames.OutOfPlane, "the path's own"), (CurveNames.OutOfPlane + CurveNames.OfOthers, "another path's")], "sigma");
        Curves(body, document, "Posterior weight of a noised training point", "points", [(CurveNames.Collapse, "training")], "sigma");
        if (TrainingSuffix(document) is { } suffix)
        {
            string sigma = suffix[CurveNames.SigmaInfix.Length..];
            Curves(body, document, $"Share of the score explained at sigma {sigma} against training step", "reference",
                Named(references, r => CurveNames.ExplainedScore(r) + suffix), "step");
        }

        Curves(body, document, "Denoising error", "denoiser", Models(CurveNames.DenoisingError), "sigma");
        Curves(body, document, "Share that returns to its mode", "score", Models(CurveNames.Bifurcation), "sigma");
        Curves(body, document, "Validation loss", "loss", [(CurveNames.ValidationLoss, "network")], "step");
        Metrics(body, document, "Bifurcation and symmetry breaking", SigmaNames);
        Metrics(body, document, "Emergence and collapse", ComponentNames);
        Metrics(body, document, "Error decomposition", ErrorNames);
        if (body.Length > 0)
            text.Append("## Diagnostics\n\n").Append(body);
    }

    private static IEnumerable<string> DiagnosedBy(string diagnostic) => MetricKinds.All.Where(m => m.Diagnostic == diagnostic).Select(m => m.Name);

    /// <summary>The reference denoisers that some curve is about, in order.</summary>
    private static string[] References(ReportDocument document) => [.. ReferenceName.InOrder(
        document.Groups.SelectMany(g => g.Curves.Keys).Select(CurveNames.Reference).OfType<string>(), DiagnosticsSection.References)];

    private static (string Curve, string Label)[] Named(string[] references, Func<string, string> curve) => [.. references.Select(r => (curve(r), r))];

    /// <summary>The components that some curve is about, the model's line above the Gaussian's.</summary>
    private static (string Curve, string Label)[] Along(ReportDocument document, Func<int, string> curve) =>
    [
        .. document.Groups.SelectMany(g => g.Curves.Keys).Select(CurveNames.Component).OfType<(int Component, bool Gaussian)>().Distinct()
            .OrderBy(c => c.Component).ThenBy(c => c.Gaussian)
            .Select(c => (curve(c.Component) + (c.Gaussian ? CurveNames.Gaussian : ""), $"{c.Component}{(c.Gaussian ? ", Gaussian" : "")}")),
    ];

    private static (string Curve, string Label)[] Models(string curve) => [(curve, "network"), (curve + CurveNames.Exact, "exact")];

    /// <summary>The end of the name of the curves over training nearest to <see cref="ShownSigma"/>; null without any.</summary>
    private static string? TrainingSuffix(ReportDocument document) => document.Groups.SelectMany(g => g.Curves.Keys)
        .Select(n => CurveNames.SplitSigma(n) is { } split ? (split.Sigma, Suffix: n[split.Curve.Length..]) : default)
        .Where(s => s.Suffix is not null).Distinct()
        .OrderBy(s => Math.Abs(Math.Log(s.Sigma / ShownSigma))).ThenBy(s => s.Sigma).Select(s => s.Suffix).FirstOrDefault();

    private static void Curves(StringBuilder text, ReportDocument document, string title, string lineName, (string Curve, string Label)[] lines, string place)
    {
        double[] all = [.. document.Groups.SelectMany(g => lines.Select(l => g.Curves.GetValueOrDefault(l.Curve)?.X)).OfType<IReadOnlyList<double>>()
            .SelectMany(x => x).Distinct().Order()];
        if (all.Length == 0)
            return;
        int count = Math.Min(MaxColumns, all.Length);
        double[] shown = [.. Enumerable.Range(0, count).Select(i => all[count == 1 ? 0 : (int)Math.Round(i * (all.Length - 1.0) / (count - 1))]).Distinct()];
        text.Append($"### {title}\n\n");
        foreach ((string where, string[] columns, GroupSection[] groups) in ReportMarkdown.Places(document))
        {
            if (!groups.Any(g => lines.Any(l => g.Curves.ContainsKey(l.Curve))))
                continue;
            text.Append($"{Escape(where)}:\n\n");
            ReportMarkdown.Row(text, [.. columns, lineName, .. shown.Select(x => $"{place} {x.ToString("G4", CultureInfo.InvariantCulture)}")]);
            ReportMarkdown.Rule(text, columns.Length + 1 + shown.Length);
            foreach ((GroupSection group, (string Curve, string Label) line) in groups.SelectMany(_ => lines, (g, l) => (g, l)))
            {
                if (group.Curves.TryGetValue(line.Curve, out CurveSummary? curve) && curve.X is not null)
                    ReportMarkdown.Row(text, [.. columns.Select(c => ReportMarkdown.Text(group.Axes[c])), line.Label, .. shown.Select(x => At(curve, x))]);
            }

            text.Append('\n');
        }
    }

    private static void Metrics(StringBuilder text, ReportDocument document, string title, string[] names)
    {
        MetricInfo[] metrics =
            [.. names.Select(n => document.Metrics.FirstOrDefault(m => string.Equals(m.Name, n, StringComparison.Ordinal))).OfType<MetricInfo>()];
        if (metrics.Length == 0)
            return;
        text.Append($"### {title}\n\n");
        foreach ((string where, string[] columns, GroupSection[] groups) in ReportMarkdown.Places(document))
        {
            GroupSection[] measured = [.. groups.Where(g => metrics.Any(m => g.Metrics.ContainsKey(m.Name)))];
            if (measured.Length == 0)
                continue;
            text.Append($"{Escape(where)}:\n\n");
            ReportMarkdown.Row(text, [.. columns, .. metrics.Select(m => Escape(m.Label))]);
            ReportMarkdown.Rule(text, columns.Length + metrics.Length);
            foreach (GroupSection group in measured)
                ReportMarkdown.Row(text, [.. columns.Select(c => ReportMarkdown.Text(group.Axes[c])),
                    .. metrics.Select(m => ReportMarkdown.Cell(m, group.Metrics.GetValueOrDefault(m.Name)))]);
            text.Append('\n');
        }
    }

    private static string At(CurveSummary curve, double x)
    {
        int i = curve.X!.ToList().IndexOf(x);
        return i >= 0 && curve.Mean[i] is { } mean ? mean.ToString("G4", CultureInfo.InvariantCulture) : "-";
    }
}
