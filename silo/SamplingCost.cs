using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Samplers;
using Sweep.Diffusion.Schedules;
using Sweep.Grains.Specs;
using Sweep.Silo.Preparation;

namespace Sweep.Silo;

/// <summary>What a trial's sampling asks of its denoiser, counted on one point in one dimension, with an exact denoiser.</summary>
/// <param name="States">States that are recorded and scored.</param>
/// <param name="RowsPerSample">Rows denoised per sample, those for the recorded x0-hats included.</param>
/// <param name="RowsOnce">Rows denoised whatever the number of samples: a sampler's preparation.</param>
internal sealed record SamplingCost(int States, long RowsPerSample, long RowsOnce)
{
    /// <exception cref="TrialFailedException">The trial can't be sampled so.</exception>
    public static SamplingCost Of(TrialSpec trial)
    {
        ISchedule schedule = TrialKinds.Create(ScheduleKinds.Registry, trial.Schedule);
        ISampler sampler = TrialKinds.Create(SamplerKinds.Registry, trial.Sampling.Sampler);
        var denoiser = new Counter();
        var noise = new PhiloxNoise(1);
        var training = new PointSet(noise.Initial(Math.Min(trial.Training.Points, 4096), 1, 1), 1);
        SamplingStart start = SamplingStart.Of(trial, schedule, training, noise, samples: 1);
        ISampler prepared = sampler.Prepare(new SamplerPreparation { Denoiser = denoiser, Grid = start.Grid, Training = training, Seed = 1 });
        long once = denoiser.Rows;
        int states = prepared.Sample(denoiser, start.Grid, start.Initial, noise).Count();
        return new SamplingCost(states, denoiser.Rows - once, once);
    }

    /// <summary>Two trials of one key cost the same.</summary>
    public static string Key(TrialSpec trial) =>
        $"{trial.Schedule.Kind}{trial.Schedule.Parameters.ToJsonString()}|{Text(trial.Sampling.Sampler)}|{Text(trial.Sampling.Grid)}|"
        + $"{Text(trial.Sampling.Teleport)}|{trial.Sampling.Steps}";

    private static string Text(KindSpec? kind) => $"{kind?.Kind}{kind?.Parameters.ToJsonString()}";

    /// <summary>The exact denoiser of a standard normal.</summary>
    private sealed class Counter : IDenoiser
    {
        public int Dimensions => 1;

        public long Rows { get; private set; }

        public void Denoise(ReadOnlySpan<double> x, NoiseLevel level, Span<double> x0Hat)
        {
            // A clean point is its own x0-hat: no denoiser works for it.
            Rows += level.Noise > 0 ? x.Length : 0;
            double gain = level.Signal / ((level.Signal * level.Signal) + (level.Noise * level.Noise));
            for (int i = 0; i < x.Length; i++)
                x0Hat[i] = gain * x[i];
        }
    }
}
