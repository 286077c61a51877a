using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Kinds;

namespace Sweep.Diffusion.Preprocessing;

/// <summary>Each column to mean 0 and standard deviation 1 (n in the denominator).</summary>
public sealed class Standardize : IPreprocessing
{
    private const string Name = "standardize";

    public static Kind<IPreprocessing> Kind { get; } = new(Name, "each column to mean 0 and standard deviation 1", [], _ => new Standardize());

    public bool IsAffine => true;

    public FitNeeds Needs => FitNeeds.VaryingColumns;

    public IFittedPreprocessing Fit(PointSet training, ulong seed, FitProgress progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(training);
        var stack = new LayerStack(training);
        var (mean, deviation) = Whitening.Moments(training);
        int d = training.Dimensions;
        var forward = new double[d * d];
        var inverse = new double[d * d];
        for (int j = 0; j < d; j++)
        {
            forward[(j * d) + j] = 1 / deviation[j];
            inverse[(j * d) + j] = deviation[j];
        }

        stack.Add(new AffineLayer(mean, forward, inverse, -deviation.Sum(Math.Log)));
        return stack.Finish(Name);
    }
}
