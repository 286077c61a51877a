using Sweep.Diffusion.Training;
using Sweep.Diffusion.Training.Torch;
using TorchSharp;
using Xunit;

namespace Sweep.Tests.Diffusion.Training.Torch;

/// <summary>The check that a libtorch must pass, with faults planted in it.</summary>
public sealed class TorchSelfCheckTests
{
    public TorchSelfCheckTests() => Assert.SkipWhen(TorchRuntime.Missing is not null, TorchRuntime.Missing ?? "");

    [Fact]
    public void Wrong_OfWhatNetworksUse_FindsNothing() => Assert.Null(TorchSelfCheck.Wrong(TorchSelfCheck.Plain, torch.CPU));

    [Fact]
    public void Wrong_OfConvolutionsByProducts_FindsNothing() =>
        Assert.Null(TorchSelfCheck.Wrong(TorchSelfCheck.Convolutions(TorchConvolution.ByProducts), torch.CPU));

    /// <summary>The result is right, and only the way back is not.</summary>
    [Theory]
    [InlineData(1.01, "linear in single precision is off by 1.0e-2 of its size (allowed: 1e-4)")]
    [InlineData(double.NaN, "linear in single precision is off by NaN of its size (allowed: 1e-4)")]
    public void Wrong_WhenOnlyAGradientIsWrongInSinglePrecision_NamesTheOperation(double factor, string expected)
    {
        var planted = new TorchSelfCheck.Operation("linear", [[37, 19], [23, 19]], t =>
        {
            torch.Tensor right = torch.nn.functional.linear(t[0], t[1]);
            if (right.dtype != torch.ScalarType.Float32 || !right.requires_grad)
                return right;
            torch.Tensor wrong = torch.nn.functional.linear(t[0], t[1].mul(factor));
            return wrong.sub(wrong.detach()).nan_to_num().add(right.detach());
        });
        Assert.Equal(expected, TorchSelfCheck.Wrong([TorchSelfCheck.Plain[0], planted], torch.CPU));
    }

    [Fact]
    public void Apply_WhereLibtorchsOwnIsWrong_GoesByProducts()
    {
        TorchConvolution.Outcome found = TorchConvolution.Of(torch.CPU);
        Assert.Equal(found.Native is not null, found.ByProducts);
        Assert.Equal(found.ByProducts, TorchRuntime.Engine.Library.Contains("convolutions by matrix products on torch:cpu", StringComparison.Ordinal));
        Assert.Null(TorchSelfCheck.Wrong(TorchSelfCheck.Convolutions((x, w, b, stride, padding) => TorchConvolution.Apply(x, w, b, stride, padding)),
            torch.CPU));
    }
}
