using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Networks.Reference;
using Sweep.Grains.Specs;

namespace Sweep.Silo.Preparation;

/// <summary>Builds reference denoisers (<see cref="ReferenceKinds"/>) of one replicate's latent space.</summary>
internal static class ReferenceDenoisers
{
    /// <summary>What a trial of a reference kind denoises with.</summary>
    /// <inheritdoc cref="Create(string, PreparedData, ulong, int, CancellationToken)"/>
    public static IDenoiser Create(TrialSpec trial, PreparedData data, CancellationToken cancellationToken = default)
    {
        IDenoiser denoiser = Create(
            trial.Network.Kind, data, (ulong)trial.Seed, trial.Network.Components ?? ReferenceKinds.DefaultComponents, cancellationToken);
        return trial.Network.ScoreError is { } size ? new ScoreErrorDenoiser(denoiser, data.LatentPoints(), size, (ulong)trial.Seed) : denoiser;
    }

    /// <param name="kind">One of <see cref="ReferenceKinds.Names"/>.</param>
    /// <param name="data">The training points, and the density behind them.</param>
    /// <param name="seed">The trial's: starting centres of the fitted mixture.</param>
    /// <param name="components">Of the fitted mixture.</param>
    /// <param name="cancellationToken">Looked at while the mixture is fitted.</param>
    /// <returns>A denoiser for one thread.</returns>
    /// <exception cref="TrialFailedException">There is none: no density that can be written down in latent space, or points that can't be fitted.</exception>
    public static IDenoiser Create(
        string kind, PreparedData data, ulong seed, int components = ReferenceKinds.DefaultComponents, CancellationToken cancellationToken = default)
    {
        try
        {
            return kind switch
            {
                ReferenceKinds.Exact => Exact(data),
                ReferenceKinds.Gaussian => GaussianDenoiser.Fit(data.LatentPoints()),
                ReferenceKinds.Mixture =>
                    ExpectationMaximization.Fit(data.LatentPoints(), components, seed, cancellationToken: cancellationToken).CreateDenoiser(),
                ReferenceKinds.Delta => new DeltaMixtureDenoiser(data.LatentPoints()),
                ReferenceKinds.Identity => GaussianDenoiser.FitScaledIdentity(data.LatentPoints()),
                _ => throw new TrialFailedException($"reference denoiser: {kind}; allowed: {string.Join(", ", ReferenceKinds.Names)}"),
            };
        }
        catch (KindException e)
        {
            throw new TrialFailedException($"reference denoiser {kind}: {e.Message}", e);
        }
    }

    private static ExactDenoiser Exact(PreparedData data) =>
        LatentMixture.Of(data.Drawn.Dataset.Density, data.Fitted) is { } mixture
            ? new ExactDenoiser(mixture)
            : throw new TrialFailedException(
                "reference denoiser exact: the density of the preprocessed data can't be written down; allowed: a dataset that is a known Gaussian mixture, "
                    + "with an affine preprocessing");
}
