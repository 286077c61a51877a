using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Networks.Reference;

namespace Sweep.Grains.Specs;

/// <summary>
/// The table of sections and their keys. A new key is one line here and one member of the section's record
/// (<see cref="NetworkSpec"/>, <see cref="TrainingSpec"/>, <see cref="SamplingSpec"/>); a test compares the two. Trials have been stored, so it comes last
/// in its section, is <see cref="SpecKey.Joined"/>, and its member is nullable.
/// </summary>
public static class SpecSections
{
    private static readonly KeyCondition LogNormal = new("noise_distribution", "log-normal");

    private static readonly KeyCondition ExactScore = new("kind", ReferenceKinds.Exact);

    private static readonly KeyCondition FittedMixture = new("kind", ReferenceKinds.Mixture);

    public static SpecSection Network { get; } = new("network", "the denoiser: a network that is trained, or a reference that is known or fitted",
    [
        // Stored trials have mlp written out: a value that joins the others changes no identity.
        new(Parameter.Choice("kind", NetworkKinds.Mlp, [.. NetworkKinds.Names, .. ReferenceKinds.Names], "what denoises: a trained network, or a reference")),
        new(Parameter.Integer("hidden_layers", 3, 1, 8, "hidden layers; of residual its blocks, of unet those at each resolution, each way")),
        new(Parameter.Choice("activation", "silu", ["silu", "relu", "tanh", "gelu"], "after every hidden layer")),
        new(Parameter.Integer("time_features", 32, 2, 256, "features of the noise level that the network sees: sines and cosines")) { MultipleOf = 2 },
        new(Parameter.Integer("width", 64, 4, MlpShape.MaximumWidth, "neurons per hidden layer; of unet the channels at full resolution")) { OwnAxis = true },
        new(Parameter.Integer("components", ReferenceKinds.DefaultComponents, 1, 1024, "Gaussians that are fitted; only with mixture")) { Joined = true,
            OnlyWith = FittedMixture },
        new(Parameter.Real("score_error", 0, "relative size of a smooth random error added to the score; only with exact", 0, 10)) { Joined = true,
            OnlyWith = ExactScore },
    ]);

    public static SpecSection Training { get; } = new("training", "how a network is trained",
    [
        new(Parameter.Integer("steps", 4000, 1, 10_000_000, "steps of Adam")),
        new(Parameter.Integer("batch", 256, 1, 65_536, "rows per step")),
        new(Parameter.Real("learning_rate", 1e-3, "Adam's peak learning rate; a half cosine takes it to 0", 0, 10, minimumExclusive: true)),
        new(Parameter.Integer("warmup_steps", 100, 0, 10_000_000, "steps over which the learning rate rises to its peak")) { CappedBy = "steps" },
        new(Parameter.Integer("points", 20_000, 2, 10_000_000, "training points drawn; a file gives at most what it has")),
        new(Parameter.Choice("parametrisation", "epsilon", ["epsilon", "x0", "v", "edm"], "what the network predicts")),
        new(Parameter.Choice("noise_distribution", "uniform-t", ["uniform-t", "uniform-sigma", "log-uniform-sigma", "log-normal"],
            "how often training sees a noise level")) { Joined = true },
        new(Parameter.Real("noise_mean", -1.2, "mean of ln sigma; only with log-normal", -20, 20)) { Joined = true, OnlyWith = LogNormal },
        new(Parameter.Real("noise_std", 1.2, "standard deviation of ln sigma; only with log-normal", 0, 20, minimumExclusive: true)) { Joined = true,
            OnlyWith = LogNormal },
        new(Parameter.Choice("weighting", "unit", ["unit", "epsilon", "inverse-sigma2", "edm", "min-snr"],
            "how much a noise level counts in the loss")) { Joined = true },
        new(Parameter.Choice("sigma_data", "rms", ["rms", "std"],
            "the data's scale in parametrisation and weighting: root mean square, or standard deviation")) { Joined = true },
    ]);

    public static SpecSection Sampling { get; } = new("sampling", "how points are generated, and how many",
    [
        new(Parameter.Text("sampler", "ddpm", "the sampler, a kind")) { Seam = "sampler" },
        new(Parameter.Integer("steps", 100, 1, 10_000, "reverse steps")),
        new(Parameter.Integer("samples", 4096, 2, 1_000_000, "points generated for the metrics")),
        new(Parameter.Text("grid", "native", "the noise levels that the sampler stops at, a kind")) { Seam = "grid", Joined = true },
        new(Parameter.Text("teleport", "none", "what the Gaussian of the training data does in place of the first steps")) { Seam = "teleport", Joined = true },
        new(Parameter.Choice("initial", "noise", ["noise", "quantiles"],
            "where sampling starts: random noise, or quantiles of its distribution")) { Joined = true },
    ]);

    /// <summary>All of them, in the order in which their keys become axes.</summary>
    public static IReadOnlyList<SpecSection> All { get; } = [Network, Training, Sampling];
}
