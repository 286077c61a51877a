using Sweep.Diffusion.Networks.Reference;

namespace Sweep.Grains.Specs;

/// <summary>
/// The resolved <c>diagnostics</c> section of a trial: what is measured about its model beside the metrics. A member that is null is at its default (nothing
/// measured, a default list or number), so that a section joins a trial's identity with what it says and no more. Lists are in ascending, or the table's, order
/// whatever the spec's.
/// </summary>
public sealed record DiagnosticsSpec
{
    /// <summary>Components of the mixture fitted by EM, when the spec is silent.</summary>
    public const int DefaultMixtureComponents = ReferenceKinds.DefaultComponents;

    /// <summary>
    /// Reference denoisers whose share of the learned score and denoiser is measured; null for none. In <see cref="DiagnosticsSection.References"/>' order.
    /// </summary>
    public IReadOnlyList<string>? ExplainedShare { get; init; }

    /// <summary>True to measure the denoising error per noise level; otherwise null.</summary>
    public bool? DenoisingError { get; init; }

    /// <summary>True to measure at which noise level trajectories commit to a mode; otherwise null.</summary>
    public bool? Bifurcation { get; init; }

    /// <summary>True to tell initialisation, score and discretisation error apart; otherwise null.</summary>
    public bool? ErrorDecomposition { get; init; }

    /// <summary>True to measure the held-out negative log-likelihood by the probability-flow ODE; otherwise null.</summary>
    public bool? Likelihood { get; init; }

    /// <summary>True to measure the loss on held-out points after <see cref="ValidationSteps"/>; otherwise null.</summary>
    public bool? ValidationLoss { get; init; }

    /// <summary>Reference denoisers whose paths are compared with the model's; null for none. In <see cref="DiagnosticsSection.References"/>' order.</summary>
    public IReadOnlyList<string>? ExplainedPath { get; init; }

    /// <summary>True to measure the gain of x0-hat at the data's mean; otherwise null.</summary>
    public bool? SymmetryBreaking { get; init; }

    /// <summary>True to measure the total correlation of the latents; otherwise null.</summary>
    public bool? TotalCorrelation { get; init; }

    /// <summary>True to follow the model's paths along the data's principal components; otherwise null.</summary>
    public bool? PrincipalComponents { get; init; }

    /// <summary>True to measure where the training points' own score collapses; otherwise null.</summary>
    public bool? Collapse { get; init; }

    /// <summary>Noise levels, sigma = noise / signal, ascending; null for <see cref="DiagnosticSigmas.Default"/>.</summary>
    public IReadOnlyList<double>? Sigmas { get; init; }

    /// <summary>Training steps after which the explained share is measured, ascending; 0 is before training. Null for none.</summary>
    public IReadOnlyList<int>? TrainingSteps { get; init; }

    /// <summary>Components of the mixture fitted by EM; null for <see cref="DefaultMixtureComponents"/>.</summary>
    public int? MixtureComponents { get; init; }
}
