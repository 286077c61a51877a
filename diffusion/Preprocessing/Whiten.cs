using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Kinds;

namespace Sweep.Diffusion.Preprocessing;

/// <summary>
/// Principal components of the standardized columns, each scaled to variance 1: the linear half of Gaussianization, without a choice of rotation.
/// </summary>
public sealed class Whiten : IPreprocessing
{
    private const string Name = "whiten";

    public static Kind<IPreprocessing> Kind { get; } = new(Name, "principal components, scaled to variance 1", [], _ => new Whiten());

    public bool IsAffine => true;

    public FitNeeds Needs => FitNeeds.VaryingColumns | FitNeeds.IndependentColumns;

    public IFittedPreprocessing Fit(PointSet training, ulong seed, FitProgress progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(training);
        var stack = new LayerStack(training);
        stack.Whiten();
        return stack.Finish(Name);
    }
}
