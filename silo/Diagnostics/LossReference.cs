using System.Collections.Concurrent;
using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Networks.Reference;
using Sweep.Diffusion.Preprocessing;
using Sweep.Grains.Specs;
using Sweep.Silo.Preparation;

namespace Sweep.Silo.Diagnostics;

/// <summary>
/// The run whose least validation loss stands for L* where there is no exact denoiser: of a trial's own data, preprocessing, seed and training design, longer
/// and wider than it, at a learning rate that suits its width. A pure function of the trial, and the same for trials that differ in their width, up to half of
/// its own, their depth or their learning rate: they share it, and are held against one L*.
/// </summary>
internal static class LossReference
{
    /// <summary>Times the trial's steps.</summary>
    private const int Longer = 2;

    /// <summary>
    /// At least. On Gaussian mixtures behind affine preprocessings, where L* is known, its least loss is then within 0.5% of the excess before training from
    /// it.
    /// </summary>
    private const int Width = 128;

    private const int HiddenLayers = 3;

    private static readonly ConcurrentDictionary<string, bool> KnownByPair = new(StringComparer.Ordinal);

    /// <summary>Whether a trial takes its L* from such a run: it asks for validation losses, trains, and has no exact denoiser.</summary>
    public static bool IsNeeded(TrialSpec trial) => trial.Diagnostics?.ValidationLoss is true && NetworkKinds.Has(trial.Network.Kind) && !KnownByPair.GetOrAdd(
        $"{trial.Dataset.Kind}{trial.Dataset.Parameters.ToJsonString()}|{trial.Preprocessing.Kind}{trial.Preprocessing.Parameters.ToJsonString()}", _ =>
            IsKnown(trial));

    private static bool IsKnown(TrialSpec trial)
    {
        try
        {
            return LatentMixture.Obstacle(
                TrialKinds.Create(DatasetKinds.Registry, trial.Dataset).Density, TrialKinds.Create(PreprocessingKinds.Registry, trial.Preprocessing)) is null;
        }
        catch (TrialFailedException)
        {
            // It will fail before it trains anything.
            return true;
        }
    }

    public static TrialSpec Of(TrialSpec trial)
    {
        bool fused = trial.Network.Kind == NetworkKinds.Mlp && trial.Network.Width <= MlpShape.FusedWidth;
        int most = trial.Network.Kind switch
        {
            NetworkKinds.UNet => UNetShape.MaximumWidth,
            NetworkKinds.Residual => ResidualShape.MaximumWidth,
            _ => fused ? MlpShape.FusedWidth : MlpShape.MaximumWidth,
        };
        int width = Width;
        while (width < 2 * trial.Network.Width)
            width *= 2;
        int steps = checked(Longer * trial.Training.Steps);
        return trial with
        {
            Network = trial.Network with { Width = Math.Min(width, most), HiddenLayers = Math.Max(HiddenLayers, trial.Network.HiddenLayers) },
            Training = trial.Training with { Steps = steps, LearningRate = fused ? 3e-3 : 1e-3, WarmupSteps = Math.Min(100, steps) },
            Diagnostics = null,
        };
    }

    /// <summary>What it was, for a trial's notes.</summary>
    public static string Words(TrialSpec reference) => $"a run of {reference.Training.Steps} steps at width {reference.Network.Width}";
}
