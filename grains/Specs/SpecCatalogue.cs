using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Preprocessing;
using Sweep.Diffusion.Samplers;
using Sweep.Diffusion.Schedules;

namespace Sweep.Grains.Specs;

/// <summary>What a spec may name.</summary>
public sealed record SpecCatalogue
{
    /// <summary>What the registries hold.</summary>
    public static SpecCatalogue Default { get; } = new()
    {
        Datasets = KindCatalogue.Of(DatasetKinds.Registry),
        Preprocessings = KindCatalogue.Of(PreprocessingKinds.Registry),
        Schedules = KindCatalogue.Of(ScheduleKinds.Registry),
        Samplers = KindCatalogue.Of(SamplerKinds.Registry),
        Grids = KindCatalogue.Of(GridKinds.Registry),
    };

    public required KindCatalogue Datasets { get; init; }

    public required KindCatalogue Preprocessings { get; init; }

    public required KindCatalogue Schedules { get; init; }

    public required KindCatalogue Samplers { get; init; }

    public required KindCatalogue Grids { get; init; }

    public KindCatalogue Teleports { get; init; } = TeleportKinds.Catalogue;

    /// <summary>Metrics that <c>compare.metric</c> may name.</summary>
    public IReadOnlyList<string> Metrics { get; init; } =
    [
        "log_likelihood", "energy_distance", "sliced_wasserstein2", "mode_coverage", "mode_precision", "steps_to_threshold",
        "log_likelihood_total_variation", "train_seconds",
    ];

    /// <summary>The kinds of a seam.</summary>
    public KindCatalogue Of(string seam) =>
        new[] { Datasets, Preprocessings, Schedules, Samplers, Grids, Teleports }.First(c => string.Equals(c.Seam, seam, StringComparison.Ordinal));

    /// <summary>Metrics that only a dataset with a known density has.</summary>
    public static bool NeedsDensity(string metric) => metric is "log_likelihood" or "steps_to_threshold" or "log_likelihood_total_variation";

    /// <summary>Metrics that only a dataset with known modes has.</summary>
    public static bool NeedsModes(string metric) => metric is "mode_coverage" or "mode_precision";
}
