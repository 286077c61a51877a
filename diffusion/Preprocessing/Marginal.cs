using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Kinds;

namespace Sweep.Diffusion.Preprocessing;

/// <summary>
/// Each column to a standard normal through its estimated distribution function (see <see cref="KdeGaussianization"/>), without any rotation.
/// </summary>
public sealed class Marginal(Bandwidth bandwidth) : IPreprocessing
{
    private const string Name = "marginal";

    public static Kind<IPreprocessing> Kind { get; } = new(
        Name, "each column to a standard normal through its estimated distribution", [Bandwidth.Parameter], v => new Marginal(Bandwidth.Read(v)));

    public bool IsAffine => false;

    public FitNeeds Needs => FitNeeds.VaryingColumns;

    public IFittedPreprocessing Fit(PointSet training, ulong seed, FitProgress progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(training);
        var stack = new LayerStack(training);
        stack.Gaussianize(bandwidth, LayerStack.SmallestSlope(0, 1), progress, cancellationToken);
        return stack.Finish(Name);
    }
}
