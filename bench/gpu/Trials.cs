using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Schedules;
using Sweep.Diffusion.Training;

namespace Sweep.Bench.Gpu;

/// <summary>The network and batch: batch 256, three hidden SiLU layers, 32 time features, Adam, on a ring of eight Gaussians.</summary>
internal static class Trials
{
    public const int Batch = 256, Dimensions = 2, Layers = 3, Features = 32, Points = 20_000;

    public static TrainingJob Job(int width, int steps, ulong seed, float[] data) => new()
    {
        Shape = new MlpShape(Dimensions, Features, width, Layers, Activation.Silu),
        Settings = new TrainingSettings(steps, Batch, 1e-3),
        Design = new TrainingDesign { Schedule = new VpLinear() },
        Data = data,
        Seed = seed,
    };

    public static float[] Ring(ulong seed)
    {
        var stream = new PhiloxStream(seed, NoisePurpose.TrainingPoints);
        float[] data = new float[Points * Dimensions];
        for (int i = 0; i < data.Length; i += 2)
        {
            (double sin, double cos) = Math.SinCos(2 * Math.PI * stream.NextInt(8) / 8);
            data[i] = (float)((Math.Sqrt(2) * cos) + (0.1 * stream.NextNormal()));
            data[i + 1] = (float)((Math.Sqrt(2) * sin) + (0.1 * stream.NextNormal()));
        }

        return data;
    }

    /// <summary>
    /// Multiply-adds of a step: forward, the weights' gradient, and the inputs' gradient of all layers but the first. Those of the hidden layers, which the
    /// tensor cores can do, and the output's.
    /// </summary>
    public static (double Hidden, double Output) MultiplyAdds(int width)
    {
        double first = (Dimensions + Features) * width, hidden = (Layers - 1.0) * width * width, output = (double)Dimensions * width;
        return (Batch * ((2 * first) + (3 * hidden)), Batch * ((3 * output) + (2.0 * Dimensions * Dimensions)));
    }
}
