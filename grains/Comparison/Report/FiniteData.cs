using Sweep.Diffusion.Datasets;
using Sweep.Grains.Coordination;

namespace Sweep.Grains.Comparison.Report;

/// <summary>
/// Data of which there is only so much: seeds split the same rows again and again, so that their results are not independent draws from the population that the
/// rows came from. p-values and intervals over seeds hold for these rows; for others like them the variance is that of C. Nadeau and Y. Bengio, "Inference for
/// the generalization error", Machine Learning 52 (2003), equation 12: (1/n + n_test/n_train) s² in place of s²/n.
/// </summary>
internal static class FiniteData
{
    /// <summary>Test rows per training row of a trial whose seed split finite data; null of a trial whose data were drawn anew.</summary>
    public static double? TestToTrain(CompletedTrial trial) =>
        trial.Result.Notes.Select(SplitRows.Read).FirstOrDefault(r => r is not null) is { } rows ? (double)rows.Test / rows.Training : null;
}
