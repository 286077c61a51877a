using Sweep.Diffusion.Networks;
using Xunit;

namespace Sweep.Tests.Diffusion.Networks;

/// <summary>Layouts and first weights of the networks that libtorch trains; their arithmetic is tested with it.</summary>
public sealed class NetworkShapeTests
{
    public static TheoryData<string, int, int, int> Shapes => new()
    {
        { NetworkKinds.Mlp, 2, 16, 3 },
        { NetworkKinds.Residual, 2, 16, 1 },
        { NetworkKinds.Residual, 7, 12, 4 },
        { NetworkKinds.UNet, 16, 4, 1 },
        { NetworkKinds.UNet, 64, 8, 2 },
        { NetworkKinds.UNet, 256, 5, 1 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Blocks_Always_FillTheBufferWithoutGaps(string kind, int dimensions, int width, int layers)
    {
        var shape = NetworkKinds.Create(kind, dimensions, 8, width, layers, Activation.Silu);
        int offset = 0;
        foreach (var block in shape.Blocks)
        {
            Assert.Equal(offset, block.Offset);
            Assert.Equal(block.Count, block.TensorShape.Aggregate(1, (a, b) => a * b));
            offset += block.Count;
        }

        Assert.Equal(offset, shape.ParameterCount);
        Assert.Equal(shape.Blocks.Count, shape.Blocks.Select(b => b.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(shape, NetworkKinds.Create(kind, dimensions, 8, width, layers, Activation.Silu));
        Assert.NotEqual(shape, NetworkKinds.Create(kind, dimensions, 8, width, layers, Activation.Gelu));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void DrawWeights_OfOneSeed_AreTheSameAndOfTheSizeThatKeepsTheSignal(string kind, int dimensions, int width, int layers)
    {
        var shape = NetworkKinds.Create(kind, dimensions, 8, width, layers, Activation.Silu);
        float[] weights = shape.DrawWeights(3);
        Assert.Equal(weights, shape.DrawWeights(3));
        Assert.NotEqual(weights, shape.DrawWeights(4));
        foreach (var block in shape.Blocks.Where(b => b.Start.Deviation > 0 && b.Count > 500))
        {
            double square = weights.AsSpan(block.Offset, block.Count).ToArray().Average(w => (double)w * w);
            Assert.Equal(block.Start.Deviation, Math.Sqrt(square), 0.15 * block.Start.Deviation);
        }
    }

    /// <summary>What a network says before its first step is 0, as with the MLP's.</summary>
    [Fact]
    public void Forward_BeforeTraining_IsZero()
    {
        var residual = new ResidualShape(3, 8, 12, 2, Activation.Gelu);
        double[] features = [.. Enumerable.Range(0, 8).Select(i => Math.Sin(i))];
        Assert.All(ReferenceResidual.Forward(residual, Wide(residual), [0.3, -1, 2], features), v => Assert.Equal(0, v));
        var unet = new UNetShape(16, 8, 4, 1, Activation.Silu);
        Assert.All(ReferenceUNet.Forward(unet, Wide(unet), [.. Enumerable.Range(0, 16).Select(i => Math.Cos(i))], features), v => Assert.Equal(0, v));

        static double[] Wide(NetworkShape shape) => Array.ConvertAll(shape.DrawWeights(1), w => (double)w);
    }

    [Theory]
    [InlineData(4, 2)]
    [InlineData(6, 2)]
    [InlineData(8, 2)]
    [InlineData(12, 3)]
    [InlineData(16, 3)]
    [InlineData(28, 3)]
    public void Levels_OfAUNet_HalveWhileTheSideIsEven(int side, int levels) =>
        Assert.Equal(levels, new UNetShape(side * side, 8, 4, 1, Activation.Silu).Levels);

    [Theory]
    [InlineData(2)]
    [InlineData(9)]
    [InlineData(25)]
    [InlineData(60)]
    [InlineData(65)]
    public void UNet_OfNoImage_SaysWhatIsAllowed(int dimensions)
    {
        var e = Assert.Throws<ArgumentOutOfRangeException>(() => new UNetShape(dimensions, 8, 8, 1, Activation.Silu));
        Assert.Contains($"dimensions: {dimensions}; allowed: ", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void NetworkFile_OfEveryKind_ReadsWhatItWrote(string kind, int dimensions, int width, int layers)
    {
        var shape = NetworkKinds.Create(kind, dimensions, 8, width, layers, Activation.Tanh);
        var network = new TrainedNetwork { Shape = shape, Parametrisation = Parametrisation.Edm, SigmaData = 0.3, Weights = shape.DrawWeights(9) };
        var read = NetworkFile.Read(NetworkFile.Write(network));
        Assert.Equal(shape, read.Shape);
        Assert.Equal(network.Weights, read.Weights);
        Assert.Equal(network.Parametrisation, read.Parametrisation);
    }

    [Fact]
    public void Mlp_ThatIsTooWideForTheKernels_IsRefusedByTheCpuTrainer()
    {
        Assert.True(new MlpShape(2, 32, MlpShape.FusedWidth, 1, Activation.Silu).IsFused);
        Assert.False(new MlpShape(2, 32, MlpShape.FusedWidth + 1, 1, Activation.Silu).IsFused);
        Assert.Throws<ArgumentOutOfRangeException>(() => new MlpShape(2, 32, MlpShape.MaximumWidth + 1, 1, Activation.Silu));
    }
}
