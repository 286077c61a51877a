using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Schedules;
using Sweep.Diffusion.Training;

namespace Sweep.Tests.Diffusion.Training;

/// <summary>Small training jobs.</summary>
internal static class Jobs
{
    /// <summary>Eight Gaussians on a circle of radius sqrt(2).</summary>
    public static TrainingJob Ring(int steps, int width = 16, ulong seed = 5, double learningRate = 1e-2, int dimensions = 2,
        Activation activation = Activation.Silu, int batch = 64, int layers = 2)
    {
        const int Points = 2000;
        var stream = new PhiloxStream(99, NoisePurpose.TrainingPoints);
        float[] data = new float[Points * dimensions];
        for (int i = 0; i < Points; i++)
        {
            double angle = 2 * Math.PI * stream.NextInt(8) / 8;
            for (int j = 0; j < dimensions; j++)
                data[(i * dimensions) + j] = (float)((Math.Sqrt(2) * (j % 2 == 0 ? Math.Cos(angle) : Math.Sin(angle))) + (0.1 * stream.NextNormal()));
        }

        return new TrainingJob
        {
            Shape = new MlpShape(dimensions, MlpShape.DefaultTimeFeatures, width, layers, activation),
            Settings = new TrainingSettings(steps, batch, learningRate, warmupSteps: 20),
            Design = new TrainingDesign { Schedule = new VpLinear() },
            Data = data,
            Seed = seed,
        };
    }
}
