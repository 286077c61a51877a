using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Kinds;

namespace Sweep.Diffusion.Preprocessing;

/// <summary>Independent components of variance 1 by symmetric FastICA (see <see cref="FastIca"/>), in canonical order and sign.</summary>
public sealed class Ica : IPreprocessing
{
    private const string Name = "ica";

    private readonly FastIcaOptions _options;

    private Ica(FastIcaOptions options) => _options = options;

    public static Kind<IPreprocessing> Kind { get; } =
        new(Name, "independent components of variance 1 (FastICA)", [Contrasts.Parameter, FastIcaOptions.StartsParameter],
        v => new Ica(FastIcaOptions.Read(v)));

    public bool IsAffine => true;

    public FitNeeds Needs => FitNeeds.VaryingColumns | FitNeeds.IndependentColumns;

    public IFittedPreprocessing Fit(PointSet training, ulong seed, FitProgress progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(training);
        var stack = new LayerStack(training);
        stack.UnmixIndependent(_options, seed, progress, cancellationToken);
        return stack.Finish(Name);
    }
}
