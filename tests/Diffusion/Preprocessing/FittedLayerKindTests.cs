using System.Text.Json.Nodes;
using Sweep.Diffusion.Preprocessing;
using Xunit;

namespace Sweep.Tests.Diffusion.Preprocessing;

/// <summary>Whoever adds a layer is led to where it is listed.</summary>
public sealed class FittedLayerKindTests
{
    [Fact]
    public void All_Always_HasEveryLayer()
    {
        var layers = typeof(IFittedLayer).Assembly.GetTypes().Where(t => t.IsClass && typeof(IFittedLayer).IsAssignableFrom(t)).ToList();
        Assert.NotEmpty(layers);
        Assert.All(layers, t => Assert.Contains((FittedLayerKind)t.GetProperty(nameof(AffineLayer.Kind))?.GetValue(null)!, FittedLayerKind.All));
        Assert.Equal(FittedLayerKind.All.Count, FittedLayerKind.All.Select(k => k.Type).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void LoadAny_OfAnUnknownType_NamesTheKnownOnes()
    {
        var e = Assert.Throws<PreprocessingException>(() => FittedLayerKind.LoadAny(new JsonObject { ["type"] = "spectral" }));
        Assert.Equal("saved preprocessing, type: spectral; allowed: affine, marginal", e.Message);
    }
}
