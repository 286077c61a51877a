using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Preprocessing;
using Sweep.Diffusion.Samplers;
using Sweep.Diffusion.Schedules;
using Sweep.Diffusion.Training;

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

    /// <summary>
    /// Why networks can't be trained through TorchSharp here, and what helps; null when they can. Asked only for specs that need it: the answer loads libtorch.
    /// </summary>
    public Func<string?> TorchMissing { get; init; } = () => TorchRuntime.Missing;

    /// <summary>
    /// The metrics that messages offer for <c>compare.metric</c> and <c>expect</c>; what a diagnostic measures and read-offs <c>CURVE@X</c> may be named too.
    /// </summary>
    public IReadOnlyList<string> Metrics { get; init; } = MetricCatalog.Plain;

    /// <summary>The kinds of a seam.</summary>
    public KindCatalogue Of(string seam) =>
        new[] { Datasets, Preprocessings, Schedules, Samplers, Grids, Teleports }.First(c => string.Equals(c.Seam, seam, StringComparison.Ordinal));
}
