using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Networks.Reference;
using Sweep.Diffusion.Preprocessing;

namespace Sweep.Grains.Specs;

/// <summary>
/// Whether the exact denoiser can be written down for every dataset and preprocessing that it meets, and whether the axes mean something where nothing is
/// trained.
/// </summary>
internal static class ReferenceCheck
{
    /// <summary>Training keys that shape what closed forms see too: the number of points they are fitted to.</summary>
    private const string Points = "points";

    /// <param name="axes">The axes.</param>
    /// <param name="settings">The sections' fixed keys, once for every variant.</param>
    /// <param name="errors">Where they go.</param>
    public static void Report(IReadOnlyList<ReadAxis> axes, IReadOnlyList<Dictionary<string, List<ReadKey>>> settings, SpecErrors errors)
    {
        var all = new List<string>();
        foreach (var keys in settings)
        {
            // A key that is wrong has been reported.
            if (ReadKey.OfSection(SpecSections.Network, axes, keys).Find(k => k.Key.Name is "kind") is not { } kinds) return;
            var names = kinds.Values.Select(ReadAxis.Text).ToList();
            if (names.Contains(ReferenceKinds.Exact, StringComparer.Ordinal)) ReportExact(kinds.Line, axes, errors);
            all.AddRange(names);
        }

        if (!all.Exists(NetworkKinds.Has)) ReportIdle([.. all.Distinct(StringComparer.Ordinal)], axes, errors);
    }

    private static void ReportExact(int line, IReadOnlyList<ReadAxis> axes, SpecErrors errors)
    {
        foreach (var (label, instance) in Labelled(axes, "dataset"))
        {
            if (instance is IDataset dataset && LatentMixture.Obstacle(dataset.Density) is { } obstacle)
                errors.Add(line, $"network.kind: exact with dataset {label}: {obstacle}; allowed: a dataset known as a Gaussian mixture");
        }

        foreach (var (label, instance) in Labelled(axes, "preprocessing"))
        {
            if (instance is IPreprocessing { IsAffine: false })
                errors.Add(line,
                    $"network.kind: exact with preprocessing {label}: no affine map, so the density in its space is not known; allowed: none, standardize, "
                    + $"whiten, ica");
        }
    }

    /// <summary>Values of an axis that only training knows would name one and the same result.</summary>
    private static void ReportIdle(List<string> kinds, IReadOnlyList<ReadAxis> axes, SpecErrors errors)
    {
        var idle = axes.Where(a => a.Values.Count > 1 && a.Definition.Key is { OnlyWith: null } key && key.Name is not "kind"
            && IsTrainings(a.Definition.Section!, key));
        foreach (var axis in idle)
            errors.Add(axis.Line,
                $"axes.{axis.Definition.Name}: an axis with network.kind {string.Join(", ", kinds)}, which nothing trains; allowed: an axis where a "
                + $"network.kind is {string.Join(", ", NetworkKinds.Names)}");
    }

    private static bool IsTrainings(SpecSection section, SpecKey key) =>
        ReferenceEquals(section, SpecSections.Network) || (ReferenceEquals(section, SpecSections.Training) && key.Name is not Points);

    private static IEnumerable<(string Label, object Instance)> Labelled(IReadOnlyList<ReadAxis> axes, string name) =>
        axes.FirstOrDefault(a => string.Equals(a.Definition.Name, name, StringComparison.Ordinal)) is { } axis
            ? axis.Labels.Select(ReadAxis.Text).Zip(axis.Instances)
            : [];
}
