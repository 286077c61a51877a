using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Networks.Reference;
using Sweep.Diffusion.Samplers;
using Sweep.Diffusion.Schedules;
using Sweep.Grains.Specs;
using Sweep.Silo.Preparation;

namespace Sweep.Silo;

/// <summary>How long reference denoisers take to make, and to denoise a row, measured on the trials' own data.</summary>
internal sealed class ReferenceRates
{
    /// <summary>Denoisers measured at most; the others are taken in proportion to their operations.</summary>
    private const int MaxMeasured = 16;

    private const int Rows = 64;
    private const int Repeats = 300;

    /// <summary>No further repeat after this long, but long enough for code to be compiled for good: a delta mixture of many points takes its time.</summary>
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(0.4);

    private readonly Dictionary<string, (TrialSpec Trial, double Make, double Row)> _measured = new(StringComparer.Ordinal);

    private ReferenceRates()
    {
    }

    /// <summary>True for a trial whose denoiser is a reference.</summary>
    public static bool Has(TrialSpec trial) => ReferenceKinds.Has(trial.Network.Kind);

    /// <param name="stage">Where the trials' data come from.</param>
    /// <param name="trials">Trials of reference kinds; may be none.</param>
    /// <param name="time">The clock.</param>
    public static ReferenceRates Measure(DataStage stage, List<TrialSpec> trials, TimeProvider time)
    {
        var rates = new ReferenceRates();
        List<TrialSpec> distinct = [.. trials.DistinctBy(Key, StringComparer.Ordinal)];
        int stride = Math.Max(1, (distinct.Count + MaxMeasured - 1) / MaxMeasured);
        for (int i = 0; i < distinct.Count; i += stride)
        {
            try
            {
                (double make, double row) = Measure(stage.Prepare(distinct[i]), distinct[i], time);
                rates._measured[Key(distinct[i])] = (distinct[i], make, row);
            }
            catch (TrialFailedException)
            {
                // It will fail as quickly when it runs.
                rates._measured[Key(distinct[i])] = (distinct[i], 0, 0);
            }
        }

        return rates;
    }

    /// <summary>Seconds to make a trial's denoiser, and to denoise one row with it.</summary>
    public (double Make, double Row) Of(TrialSpec trial)
    {
        if (_measured.TryGetValue(Key(trial), out var known))
            return (known.Make, known.Row);
        var near = _measured.Values.MaxBy(m => string.Equals(m.Trial.Network.Kind, trial.Network.Kind, StringComparison.Ordinal) ? 1 : 0);
        (double make, double row) = TrialCost.Denoiser(trial);
        (double nearMake, double nearRow) = TrialCost.Denoiser(near.Trial);
        return (nearMake > 0 ? near.Make * make / nearMake : near.Make, near.Row * row / nearRow);
    }

    private static string Key(TrialSpec trial) =>
        $"{TimeEstimate.Pair(trial)}|{trial.Network.Kind}|{trial.Network.Components}|{trial.Network.ScoreError is not null}";

    private static (double Make, double Row) Measure(PreparedData data, TrialSpec trial, TimeProvider time)
    {
        long started = time.GetTimestamp();
        IDenoiser denoiser = ReferenceDenoisers.Create(trial, data);
        double make = time.GetElapsedTime(started).TotalSeconds;

        double[] x = new PhiloxNoise(1).Initial(Rows, denoiser.Dimensions, 1), clean = new double[x.Length];
        double best = double.PositiveInfinity;
        long first = time.GetTimestamp();
        for (int i = 0; i < Repeats && (i == 0 || time.GetElapsedTime(first) < Budget); i++)
        {
            started = time.GetTimestamp();
            denoiser.Denoise(x, new NoiseLevel(1, 1), clean);
            best = Math.Min(best, time.GetElapsedTime(started).TotalSeconds);
        }

        return (make, best / Rows);
    }
}
