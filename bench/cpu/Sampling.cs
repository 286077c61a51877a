using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Samplers;
using Sweep.Diffusion.Schedules;
using Sweep.Diffusion.Training;

namespace Sweep.Bench.Cpu;

/// <summary>Sampling as a trial does it: the DDIM sampler, 100 steps of 4096 points, denoiser and all.</summary>
internal sealed class Sampling(int dimensions, int width, TimeProvider clock)
{
    public const int Points = 4096;
    private const int Steps = 100;

    private readonly ITrainedDenoiser _denoiser = new TrainedNetwork
    {
        Shape = new MlpShape(dimensions, 32, width, 3, Activation.Silu),
        Parametrisation = Parametrisation.Epsilon,
        SigmaData = 1,
        Weights = InitialWeights.Draw(new MlpShape(dimensions, 32, width, 3, Activation.Silu), 1),
    }.CreateDenoiser();

    /// <summary>Reverse steps per second: the best step-by-step stretch of about 10 ms.</summary>
    public double Measure(double seconds)
    {
        double[] initial = new double[Points * dimensions];
        NormalNoise.Fill(initial, 1, NoisePurpose.InitialNoise, 0, 0, dimensions);
        var grid = new VpLinear().NativeGrid(Steps);
        double best = 0, total = 0;

        // A slice may span runs: a whole run of a narrow network is shorter than a slice.
        long start = clock.GetTimestamp();
        int steps = 0;
        while (total < seconds)
        {
            foreach (var state in new Ddim().Sample(_denoiser, grid, initial, new NoNoise()))
            {
                if (state.Step == 0)
                    continue;
                steps++;
                double elapsed = clock.GetElapsedTime(start).TotalSeconds;
                if (elapsed < 0.01)
                    continue;
                best = Math.Max(best, steps / elapsed);
                total += elapsed;
                steps = 0;
                start = clock.GetTimestamp();
            }
        }

        return best;
    }

    /// <summary>DDIM with eta 0 adds none.</summary>
    private sealed class NoNoise : ISamplerNoise
    {
        public void Fill(int step, int dimensions, Span<double> noise) => noise.Clear();
    }
}
