using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Networks.Reference;
using Sweep.Grains.Specs;

namespace Sweep.Silo.Preparation;

/// <summary>Builds reference denoisers (<see cref="ReferenceKinds"/>) of one replicate's latent space.</summary>
internal static class ReferenceDenoisers
{
    /// <summary>What a trial of a reference kind denoises with.</summary>
    /// <inheritdoc cref="Create(ReferenceName, PreparedData, ulong, int, CancellationToken)"/>
    public static IDenoiser Create(TrialSpec trial, PreparedData data, CancellationToken cancellationToken = default)
    {
        IDenoiser denoiser = Create(
            new ReferenceName(trial.Network.Kind), data, (ulong)trial.Seed, trial.Network.Components ?? ReferenceKinds.DefaultComponents, cancellationToken);
        return trial.Network.ScoreError is { } size ? new ScoreErrorDenoiser(denoiser, data.LatentPoints(), size, (ulong)trial.Seed) : denoiser;
    }

    /// <param name="name">Which.</param>
    /// <param name="data">The training points, and the density behind them.</param>
    /// <param name="seed">The trial's: starting centres of the fitted mixture.</param>
    /// <param name="components">Of a fitted mixture whose name leaves them to others.</param>
    /// <param name="cancellationToken">Looked at while the mixture is fitted.</param>
    /// <returns>A denoiser for one thread.</returns>
    /// <exception cref="TrialFailedException">There is none: no density that can be written down in latent space, or points that can't be fitted.</exception>
    public static IDenoiser Create(
        ReferenceName name, PreparedData data, ulong seed, int components = ReferenceKinds.DefaultComponents, CancellationToken cancellationToken = default)
    {
        try
        {
            PointSet points = data.LatentPoints();
            if (name.Rank is { } rank && rank >= points.Dimensions)
                throw new TrialFailedException($"reference denoiser {name}: rank {rank}; allowed: below the data's {points.Dimensions} dimensions");
            return name.Kind switch
            {
                ReferenceKinds.Exact => Exact(data),
                ReferenceKinds.Gaussian when name.Shrunk => GaussianDenoiser.FitShrunk(points),
                ReferenceKinds.Gaussian => name.Rank is { } most ? GaussianDenoiser.FitLowRank(points, most) : GaussianDenoiser.Fit(points),
                ReferenceKinds.Mixture => ExpectationMaximization.Fit(
                    points, name.Components ?? components, seed, rank: name.Rank, cancellationToken: cancellationToken).CreateDenoiser(),
                ReferenceKinds.Delta => new DeltaMixtureDenoiser(points),
                ReferenceKinds.Identity => GaussianDenoiser.FitScaledIdentity(points),
                _ => throw new TrialFailedException($"reference denoiser: {name}; allowed: {string.Join(", ", ReferenceKinds.Names)}"),
            };
        }
        catch (KindException e)
        {
            throw new TrialFailedException($"reference denoiser {name}: {e.Message}", e);
        }
    }

    private static ExactDenoiser Exact(PreparedData data) =>
        LatentMixture.Of(data.Drawn.Dataset.Density, data.Fitted) is { } mixture
            ? new ExactDenoiser(mixture)
            : throw new TrialFailedException(
                "reference denoiser exact: the density of the preprocessed data can't be written down; allowed: a dataset that is a known Gaussian mixture, "
                    + "with an affine preprocessing");
}
