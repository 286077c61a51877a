using System.Text.Json.Nodes;
using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Kinds;
using Xunit;

namespace Sweep.Tests.Diffusion.Datasets;

/// <summary>Creates datasets as a spec would: by name, with defaults filled in.</summary>
internal static class DatasetUnderTest
{
    internal static IDataset Create(string name, string parameters = "{}")
    {
        Assert.True(DatasetKinds.Registry.TryGet(name, out Kind<IDataset>? kind), name);
        var values = (JsonObject)JsonNode.Parse(parameters)!;
        Assert.All(values, pair => Assert.Contains(pair.Key, kind.Parameters.Select(p => p.Name)));
        foreach (Parameter parameter in kind.Parameters)
        {
            if (!values.ContainsKey(parameter.Name))
                values[parameter.Name] = parameter.DefaultValue?.DeepClone();
        }

        return DatasetKinds.Registry.Create(name, new ParameterValues(values));
    }

    /// <summary>The first <paramref name="count"/> rows, row-major.</summary>
    internal static double[] Sample(IDataset dataset, int count, ulong seed = 7) =>
        dataset.Draw(new SplitSizes(0, 0, count, 0), seed).Test.Values;
}
