using Sweep.Diffusion.Datasets;

namespace Sweep.Grains.Specs;

/// <summary>Whether sampling starts from quantiles only where there are any: on the line.</summary>
internal static class InitialCheck
{
    public static void Report(IReadOnlyList<ReadAxis> axes, Dictionary<string, List<ReadKey>> fixedKeys, SpecErrors errors)
    {
        // A key that is wrong has been reported.
        if (ReadKey.OfSection(SpecSections.Sampling, axes, fixedKeys).Find(k => k.Key.Name is "initial") is not { } initial
            || !initial.Values.Any(v => ReadAxis.Text(v) is "quantiles")
            || axes.FirstOrDefault(a => a.Definition.Name == "dataset") is not { } datasets)
        {
            return;
        }

        foreach (var (label, instance) in datasets.Labels.Select(ReadAxis.Text).Zip(datasets.Instances))
        {
            if (instance is IDataset { Dimensions: > 1 and var dimensions })
                errors.Add(initial.Line, $"sampling.initial: quantiles with dataset {label} of {dimensions} dimensions; allowed: datasets of 1 dimension");
        }
    }
}
