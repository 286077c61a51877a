using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Networks.Kernels;
using Sweep.Diffusion.Numerics;
using Xunit;

namespace Sweep.Tests.Diffusion.Training;

/// <summary>The fused backward pass against the fp64 reference, and the reference against finite differences and PyTorch.</summary>
public class GradientTests
{
    public static TheoryData<Activation, int, int> Networks()
    {
        var data = new TheoryData<Activation, int, int>();
        foreach (var activation in Enum.GetValues<Activation>())
        {
            foreach (int width in (int[])[5, 16, 17, 100, 128, 300])
                data.Add(activation, width, width == 300 ? 2 : 3);
            foreach (int layers in (int[])[1, 2, 4, 5, 6, 7, 8])
                data.Add(activation, 17, layers);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void LossAndGradient_OnTheFastPath_AgreesWithDoubleTensorByTensor(Activation activation, int width, int layers)
    {
        foreach ((int dimensions, int rows) in ((int, int)[])[(2, 37), (3, 16), (8, 16), (18, 16)])
            CheckAgainstReference(new MlpShape(dimensions, 8, width, layers, activation), rows, VectorPaths.Best);
    }

    [Theory]
    [InlineData(VectorPath.Vector256)]
    [InlineData(VectorPath.Scalar)]
    public void LossAndGradient_OnEveryPath_AgreesWithDouble(VectorPath path)
    {
        Assert.SkipUnless(VectorPaths.Supports(path), $"this machine has no {path}");
        foreach (var activation in Enum.GetValues<Activation>())
            CheckAgainstReference(new MlpShape(3, 8, 50, 3, activation), 41, path);
    }

    /// <summary>The wide and deep end, where a block of rows is another size and tiles meet their tails.</summary>
    [Fact]
    public void LossAndGradient_AtTheGreatestWidth_AgreesWithDouble() =>
        CheckAgainstReference(new MlpShape(70, 32, 1024, 1, Activation.Silu), 9, VectorPaths.Best);

    [Theory]
    [InlineData(Activation.Silu)]
    [InlineData(Activation.Relu)]
    [InlineData(Activation.Tanh)]
    [InlineData(Activation.Gelu)]
    public void Reference_ComparedWithFiniteDifferences_HasTheirGradient(Activation activation)
    {
        var shape = new MlpShape(2, 4, 6, 3, activation);
        var problem = Problem.Draw(shape, 7, 3);
        (_, double[] gradient) = problem.Reference();
        const double Step = 1e-5;
        for (int i = 0; i < problem.Weights.Length; i++)
        {
            double saved = problem.Weights[i];
            problem.Weights[i] = saved + Step;
            double above = problem.Reference().Loss;
            problem.Weights[i] = saved - Step;
            double below = problem.Reference().Loss;
            problem.Weights[i] = saved;
            Assert.Equal((above - below) / (2 * Step), gradient[i], Tolerances.FiniteDifference);
        }
    }

    /// <summary>
    /// Loss, gradient norm and some gradients computed with PyTorch 1.13.1 in float64: torch.nn.functional's linear, silu, relu, tanh and gelu, the loss
    /// (w[:, None] * (out - y)**2).mean(), backward(). Weights 0.5 sin(i + 1), inputs cos(0.7 i), targets sin(1.3 i), all rounded to float32; w = 0.5, 1, 2.
    /// </summary>
    [Theory]
    [InlineData(Activation.Silu, 1.339208290460184, 1.9796286850936256,
        new[] { 0.05509373209632524, 0.09645971181879318, 0.10156790258882058, 0.014238854049193606, -0.08139200687006988, 0.24546993255068983,
        -0.05118404011076667, 0.9784792913876219, 0.4183162693687212, -0.2339608827597365, -0.5261685163108829 })]
    [InlineData(Activation.Relu, 1.387252412090494, 2.1710035897662863, new[] { 0.022743191048149904, 0.08901681737157653, 0.11698158434143008,
        0.022743191048149904, 0.0, 0.23666757976561617, 0.0, 0.9936376090808485, 0.3188268462985088, -0.2626162050269261, -0.5400761136977067 })]
    [InlineData(Activation.Tanh, 1.1887814048396403, 2.219833137033227,
        new[] { 0.12421817540824749, -0.10517745221767279, 0.08894847805618972, -0.18425612378462536, -0.30682483155931844, 0.31464806018436947,
        0.12665351513058393, 0.9827172948188526, 0.2951915980732776, -0.2258029270447438, -0.25090214331406385 })]
    [InlineData(Activation.Gelu, 1.4177923821026843, 2.1496174372671675,
        new[] { 0.030695448245391464, 0.10726492627193848, 0.12367217273325032, 0.06757191796150062, -0.05094910136687406, 0.29091990090193043,
        -0.04539647262119829, 0.9888520750718887, 0.3960900132494684, -0.2390699224735092, -0.57051322270731 })]
    public void LossAndGradient_ComparedWithPyTorch_Agree(Activation activation, double loss, double norm, double[] gradients)
    {
        int[] indices = [0, 7, 29, 30, 35, 50, 70, 75, 76, 77, 80];
        var shape = new MlpShape(2, 4, 5, 2, activation);
        var problem = new Problem(
            shape,
            [.. Enumerable.Range(0, 81).Select(i => (double)(float)(0.5 * Math.Sin(i + 1)))],
            [.. Enumerable.Range(0, 18).Select(i => (double)(float)Math.Cos(0.7 * i))],
            [.. Enumerable.Range(0, 6).Select(i => (double)(float)Math.Sin(1.3 * i))],
            [0.5, 1, 2]);
        (double referenceLoss, double[] reference) = problem.Reference();
        Assert.Equal(loss, referenceLoss, Tolerances.ReferenceRelative);
        Assert.Equal(norm, Math.Sqrt(reference.Sum(g => g * g)), Tolerances.ReferenceRelative);
        (double fusedLoss, float[] fused) = problem.Fused(VectorPaths.Best);
        Assert.Equal(loss, fusedLoss, Tolerances.FusedGradient);
        for (int i = 0; i < indices.Length; i++)
        {
            Assert.Equal(gradients[i], reference[indices[i]], Tolerances.ReferenceRelative);
            Assert.Equal(gradients[i], fused[indices[i]], Tolerances.FusedGradient);
        }
    }

    private static void CheckAgainstReference(MlpShape shape, int rows, VectorPath path)
    {
        var problem = Problem.Draw(shape, rows, seed: (ulong)(shape.Width + shape.HiddenLayers));
        (double expectedLoss, double[] expected) = problem.Reference();
        (double loss, float[] gradient) = problem.Fused(path);
        Assert.Equal(expectedLoss, loss, expectedLoss * Tolerances.FusedGradient);
        foreach (var block in MlpLayout.For(shape).Blocks)
        {
            double largest = expected.AsSpan(block.Offset, block.Count).ToArray().Max(Math.Abs);
            Assert.True(largest > 0, $"{block.Name} has no gradient at all");
            for (int i = block.Offset; i < block.Offset + block.Count; i++)
            {
                Assert.True(
                    Math.Abs(expected[i] - gradient[i]) <= Tolerances.FusedGradient * largest,
                    $"{shape.Activation} width {shape.Width}, {shape.HiddenLayers} layers, {path}, {block.Name}[{i - block.Offset}]: {gradient[i]} where "
                        + $"double gives {expected[i]}, largest {largest}");
            }
        }
    }

    /// <summary>Random weights, inputs, targets and row weights, all exact in fp32.</summary>
    private sealed record Problem(MlpShape Shape, double[] Weights, double[] Inputs, double[] Targets, double[] RowWeights)
    {
        public static Problem Draw(MlpShape shape, int rows, ulong seed)
        {
            var stream = new PhiloxStream(seed, NoisePurpose.Bootstrap);
            double[] weights = new double[shape.ParameterCount];
            foreach (var block in MlpLayout.For(shape).Blocks)
            {
                // Twice the usual scale, so that activations reach their curved parts.
                double scale = 2 / Math.Sqrt(Math.Max(1, block.Columns));
                for (int i = 0; i < block.Count; i++)
                    weights[block.Offset + i] = (float)(scale * ((2 * stream.NextDouble()) - 1));
            }

            double[] inputs = new double[rows * shape.Inputs], targets = new double[rows * shape.Dimensions], rowWeights = new double[rows];
            foreach (ref double v in inputs.AsSpan())
                v = (float)stream.NextNormal();
            foreach (ref double v in targets.AsSpan())
                v = (float)stream.NextNormal();
            foreach (ref double v in rowWeights.AsSpan())
                v = (float)(0.5 + stream.NextDouble());
            return new Problem(shape, weights, inputs, targets, rowWeights);
        }

        public (double Loss, double[] Gradient) Reference() => ReferenceMlp.LossAndGradient(Shape, Weights, Inputs, Targets, RowWeights);

        public unsafe (double Loss, float[] Gradient) Fused(VectorPath path)
        {
            using var mlp = FusedMlp.Create(Shape, path, training: true);
            mlp.SetWeights([.. Weights.Select(w => (float)w)]);
            int rows = RowWeights.Length, d = Shape.Dimensions;
            double loss = 0;
            for (int first = 0; first < rows; first += mlp.BlockRows)
            {
                int count = Math.Min(mlp.BlockRows, rows - first);
                for (int row = 0; row < count; row++)
                {
                    for (int i = 0; i < Shape.Inputs; i++)
                    {
                        float* place = i < d ? mlp.InputColumns + (i * mlp.BlockRows) + row : mlp.Input + (row * mlp.Layout.InputStride) + i;
                        *place = (float)Inputs[((first + row) * Shape.Inputs) + i];
                    }

                    for (int i = 0; i < d; i++)
                        mlp.TargetColumns[(i * mlp.BlockRows) + row] = (float)Targets[((first + row) * d) + i];
                    mlp.RowScale[row] = (float)(2 * RowWeights[first + row] / (rows * d));
                }

                loss += mlp.LossAndGradient(count, accumulate: first > 0);
            }

            mlp.FinishGradient();
            float[] gradient = new float[Shape.ParameterCount];
            mlp.Layout.Unpad(new ReadOnlySpan<float>(mlp.Gradient, mlp.Layout.Count), gradient);
            return (loss, gradient);
        }
    }
}
