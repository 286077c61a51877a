using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Preprocessing;

namespace Sweep.Silo.Preparation;

/// <summary>A fitted preprocessing and the training points in latent space: made once per silo for (dataset, seed, preprocessing).</summary>
internal sealed record PreparedData
{
    public required DrawnData Drawn { get; init; }

    public required IFittedPreprocessing Fitted { get; init; }

    /// <summary>Row-major (training points, d), fp32.</summary>
    public required float[] Latents { get; init; }

    /// <summary>The training points in latent space as the closed forms take them: a copy in double precision.</summary>
    public PointSet LatentPoints() => new(Array.ConvertAll(Latents, v => (double)v), Fitted.Dimensions);

    /// <summary>Of the test points (<see cref="Sweep.Diffusion.Metrics.RoundTripError"/>); NaN where some don't come back finite.</summary>
    public required double RoundTripError { get; init; }

    /// <summary>The fit's warnings, for the report.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}
