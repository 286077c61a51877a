using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Diagnostics;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Preprocessing;
using Sweep.Diffusion.Schedules;
using Sweep.Diffusion.Training;
using Sweep.Tests.Diffusion.Preprocessing;
using Xunit;

namespace Sweep.Tests.Diffusion.Diagnostics;

/// <summary>What single precision costs a network's likelihood, whose divergence is a difference of its outputs.</summary>
public sealed class NetworkLikelihoodTests
{
    [Theory]
    [InlineData(Parametrisation.Epsilon)]
    [InlineData(Parametrisation.V)]
    [InlineData(Parametrisation.Edm)]
    public void Evaluate_OfANetwork_IsThatOfTheNetworkInDoublePrecision(Parametrisation parametrisation)
    {
        var shape = new MlpShape(2, 8, 12, 2, Activation.Silu);
        float[] weights = new float[shape.ParameterCount];
        NormalNoise.Fill(weights, 7, NoisePurpose.InitialWeights, 0, 0, 1);
        for (int i = 0; i < weights.Length; i++)
            weights[i] *= 0.25f;
        var network = new TrainedNetwork { Shape = shape, Parametrisation = parametrisation, SigmaData = 0.9, Weights = weights };
        var data = new PointSet([0.5, -1, 1.5, 0.2, -0.8, 0.4], 2);
        using ITrainedDenoiser denoiser = network.CreateDenoiser();
        FlowLikelihoodResult single = Evaluate(denoiser), reference = Evaluate(new DoublePrecision(network));

        Assert.Equal(reference.NegativeLogLikelihoodsNats, single.NegativeLogLikelihoodsNats, (a, b) => Math.Abs(a - b) < Tolerances.SinglePrecisionFlow);
        Assert.InRange(single.EvaluationsPerPoint, 1, 4 * reference.EvaluationsPerPoint);

        FlowLikelihoodResult Evaluate(IDenoiser model) => new FlowLikelihood(model, new EdmKarras())
            .Evaluate(data, PreprocessingTestKinds.Create("none").Fit(data, 1, TestContext.Current.CancellationToken), 1,
                TestContext.Current.CancellationToken);
    }

    private sealed class DoublePrecision(TrainedNetwork network) : IDenoiser
    {
        private readonly double[] _weights = [.. network.Weights.Select(w => (double)w)];

        public int Dimensions => network.Shape.Dimensions;

        public void Denoise(ReadOnlySpan<double> x, NoiseLevel level, Span<double> x0Hat)
        {
            int d = Dimensions;
            var c = ParametrisationCoefficients.For(network.Parametrisation, level, network.SigmaData);
            float[] features = new float[network.Shape.TimeFeatures];
            TimeFeatures.Fill(level, features);
            double[] input = [.. new double[d], .. features.Select(f => (double)f)];
            for (int start = 0; start < x.Length; start += d)
            {
                for (int j = 0; j < d; j++)
                    input[j] = c.InputScale * x[start + j];
                double[] output = ReferenceMlp.Forward((MlpShape)network.Shape, _weights, input);
                for (int j = 0; j < d; j++)
                    x0Hat[start + j] = (c.SkipScale * x[start + j]) + (c.OutputScale * output[j]);
            }
        }
    }
}
