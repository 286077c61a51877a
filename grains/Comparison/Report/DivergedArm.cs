using System.Text.Json.Nodes;
using Sweep.Diffusion.Metrics;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Comparison.Report;

/// <summary>An arm some of whose trials completed with samples that are not finite.</summary>
/// <param name="Arm">Its value on the compared axis.</param>
/// <param name="Trials">Such trials.</param>
/// <param name="Planned">The arm's trials that the spec plans; in a race those that completed, as it asks for no more seeds of what diverges.</param>
/// <param name="OneGroup">Whether those are the seeds of one group.</param>
/// <param name="All">Whether none of these trials' samples has a finite coordinate.</param>
/// <param name="Places">Where.</param>
internal sealed record DivergedArm(string Arm, int Trials, long Planned, bool OneGroup, bool All, IReadOnlyList<JsonObject> Places)
{
    /// <summary><c>10 diverged: no finite samples in 3 of 3 seeds</c>.</summary>
    public string Words =>
        $"{Evidence.Name(Arm)} diverged: {(All ? "no finite samples" : "samples that are not finite")} in {Trials} of {Planned} "
        + $"{(OneGroup ? "seeds" : "trials")}";

    /// <summary>In the order of the arms.</summary>
    public static IReadOnlyList<DivergedArm> Of(Evidence evidence) => [.. evidence.Arms.Select(a => Of(evidence, a)).OfType<DivergedArm>()];

    private static DivergedArm? Of(Evidence evidence, string arm)
    {
        (TrialCell Cell, NonFiniteSamples Samples)[] diverged =
        [
            .. evidence.Table.Cells.Where(c => Evidence.Same(AxisText.Of(c.Axes[evidence.Spec.Compare.Axis]), arm))
                .SelectMany(c => c.BySeed.Values.Select(t => (c, Divergence.Of(t.Result))).Where(t => t.Item2 is not null).Select(t => (t.c, t.Item2!.Value))),
        ];
        if (diverged.Length == 0)
            return null;
        long ran = evidence.Table.Cells.Where(c => Evidence.Same(AxisText.Of(c.Axes[evidence.Spec.Compare.Axis]), arm)).Sum(c => (long)c.BySeed.Count);
        int axis = evidence.Table.AxisIndex(evidence.Spec.Compare.Axis);
        SweepPlaces places = evidence.Spec.Places;
        long groups = places.IsGrid ? places.Count / Math.Max(1, evidence.Arms.Length)
            : places.All().Count(p => Evidence.Same(AxisText.Of(evidence.Spec.Axes[axis].Values[p[axis]]), arm));
        return new DivergedArm(
            arm, diverged.Length, evidence.Spec.Race is null ? groups * evidence.Spec.Seeds.Count : ran, groups == 1, diverged.All(d => d.Samples.All),
            [.. evidence.Places.Where(p => diverged.Any(d => Evidence.Matches(d.Cell.Axes, p)))]);
    }
}
