using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Networks;

namespace Sweep.Grains.Specs;

/// <summary>
/// Whether this build can train the networks that are asked for, and whether they suit the data: what trials would otherwise fail on, each after its launch.
/// </summary>
internal static class NetworkCheck
{
    /// <param name="axes">The axes.</param>
    /// <param name="keys">The sections' fixed keys.</param>
    /// <param name="torchMissing">Why TorchSharp can't be used here, and what helps; asked only when something needs it.</param>
    /// <param name="errors">Where they go.</param>
    public static void Report(IReadOnlyList<ReadAxis> axes, Dictionary<string, List<ReadKey>> keys, Func<string?> torchMissing, SpecErrors errors)
    {
        var network = ReadKey.OfSection(SpecSections.Network, axes, keys);
        // A key that is wrong has been reported.
        if (network.Find(k => k.Key.Name is "kind") is not { } kind || network.Find(k => k.Key.Name is "width") is not { } width) return;
        var kinds = kind.Values.Select(ReadAxis.Text).ToList();
        var wide = width.Values.Select(w => w.GetValue<long>()).Max();
        if (kinds.Find(k => k is NetworkKinds.Residual or NetworkKinds.UNet) is { } foreign)
            ReportMissing(kind.Line, $"network.kind: {foreign}", NetworkKinds.Mlp);
        else if (wide > MlpShape.FusedWidth && kinds.Contains(NetworkKinds.Mlp, StringComparer.Ordinal))
            ReportMissing(width.Line, $"width: {wide}", $"up to {MlpShape.FusedWidth}");
        ReportWidth(NetworkKinds.Residual, ResidualShape.MaximumWidth);
        ReportWidth(NetworkKinds.UNet, UNetShape.MaximumWidth);
        if (kinds.Contains(NetworkKinds.UNet, StringComparer.Ordinal)) ReportImages(kind.Line, axes, errors);
        if (kinds.Exists(NetworkKinds.Has) && network.Find(k => k.Key.Name is "time_features") is { } features)
            ReportInputs((int)features.Values.Select(v => v.GetValue<long>()).Max(), axes, errors);

        void ReportMissing(int line, string what, string allowed)
        {
            if (torchMissing() is { } missing) errors.Add(line, $"{what}; allowed here: {allowed} ({missing})");
        }

        void ReportWidth(string name, int most)
        {
            if (wide > most && kinds.Contains(name, StringComparer.Ordinal))
                errors.Add(width.Line, $"width: {wide} with network.kind {name}; allowed: at most {most}");
        }
    }

    /// <summary>A network takes a point and the features of the noise level.</summary>
    private static void ReportInputs(int features, IReadOnlyList<ReadAxis> axes, SpecErrors errors)
    {
        if (axes.FirstOrDefault(a => a.Definition.Name is "dataset") is not { } datasets) return;
        var most = MlpShape.MaximumInputs - features;
        foreach (var (label, line, instance) in datasets.Labels.Select(ReadAxis.Text).Zip(datasets.Lines, datasets.Instances))
        {
            if (instance is IDataset dataset && dataset.Dimensions > most)
                errors.Add(line, $"dataset {label}: {dataset.Dimensions} columns with {features} time_features; allowed: at most {most} for a network that "
                    + $"is trained");
        }
    }

    private static void ReportImages(int line, IReadOnlyList<ReadAxis> axes, SpecErrors errors)
    {
        if (axes.FirstOrDefault(a => a.Definition.Name is "dataset") is not { } datasets) return;
        foreach (var (label, instance) in datasets.Labels.Select(ReadAxis.Text).Zip(datasets.Instances))
        {
            if (instance is IDataset dataset && UNetShape.Obstacle(dataset.Dimensions) is { } obstacle)
                errors.Add(line, $"network.kind: {NetworkKinds.UNet} with dataset {label}: {obstacle}");
        }
    }
}
