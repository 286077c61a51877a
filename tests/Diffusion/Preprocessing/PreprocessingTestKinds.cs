using System.Text.Json.Nodes;
using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Preprocessing;
using Xunit;

namespace Sweep.Tests.Diffusion.Preprocessing;

/// <summary>Builds kinds as a spec would: defaults filled in.</summary>
internal static class PreprocessingTestKinds
{
    public static IPreprocessing Create(string kind, string parameters = "{}")
    {
        Assert.True(PreprocessingKinds.Registry.TryGet(kind, out var found));
        var values = new JsonObject();
        foreach (var parameter in found.Parameters)
            values[parameter.Name] = parameter.DefaultValue?.DeepClone();
        foreach (var (name, value) in JsonNode.Parse(parameters)!.AsObject())
            values[name] = value?.DeepClone();
        return found.Create(new ParameterValues(values));
    }
}
