using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Schedules;

namespace Sweep.Grains.Specs;

/// <summary>The noise levels at which a trial's diagnostics are measured.</summary>
public static class DiagnosticSigmas
{
    /// <summary>Fewer round levels than this within a schedule's range, and the range is divided instead.</summary>
    private const int Fewest = 4;

    private const int Divided = 8;

    /// <summary>Beyond this, a default level says nothing: vp-cosine's most noise is past 1e4.</summary>
    private const double MinSigma = 1e-3, MaxSigma = 1e3;

    /// <summary>A schedule's ends are off by rounding: edm's 0.002 is 0.0020000000000000005.</summary>
    private const double Slack = 1e-9;

    /// <summary>Those that the spec lists, else the schedule's default; ascending.</summary>
    public static double[] Of(TrialSpec trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        return trial.Diagnostics?.Sigmas is { } listed
            ? [.. listed]
            : Default(ScheduleKinds.Registry.Create(trial.Schedule.Kind, new ParameterValues(trial.Schedule.Parameters)));
    }

    /// <summary>Whether a level lies within a schedule's range.</summary>
    internal static bool Within(NoiseRange range, double sigma) => sigma >= range.SigmaMin * (1 - Slack) && sigma <= range.SigmaMax * (1 + Slack);

    /// <summary>
    /// The round numbers 1, 2 and 5 times powers of ten within the schedule's range (<see cref="NoiseRange"/>) and from 0.001 to 1000: geometric but for
    /// rounding, and easy to name in <c>curve@0.5</c>. A range with fewer than four of them is divided geometrically into eight levels.
    /// </summary>
    public static double[] Default(ISchedule schedule)
    {
        NoiseRange range = NoiseRange.Of(schedule);
        double low = Math.Max(range.SigmaMin, MinSigma), high = Math.Min(range.SigmaMax, MaxSigma);
        double[] round =
        [
            .. from power in Enumerable.Range(-3, 7)
               from digit in new[] { 1, 2, 5 }
               let sigma = power < 0 ? digit / Math.Pow(10, -power) : digit * Math.Pow(10, power)
               where sigma >= low * (1 - Slack) && sigma <= high * (1 + Slack)
               select sigma,
        ];
        return round.Length >= Fewest
            ? round
            : [.. Enumerable.Range(0, Divided).Select(i => range.SigmaMin * Math.Pow(range.SigmaMax / range.SigmaMin, i / (Divided - 1.0)))];
    }
}
