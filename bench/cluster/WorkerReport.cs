using System.Globalization;

namespace Sweep.Bench.Cluster;

/// <summary>What a silo process measured: one line of numbers.</summary>
internal sealed record WorkerReport(int Completed, int Stale, int Errors, double EarlyLeaseMs, double LateLeaseMs, double CompleteMs, double CpuMs)
{
    public static WorkerReport Parse(string line)
    {
        double[] numbers = [.. line.Trim().Split(' ').Select(n => double.Parse(n, CultureInfo.InvariantCulture))];
        return new WorkerReport((int)numbers[0], (int)numbers[1], (int)numbers[2], numbers[3], numbers[4], numbers[5], numbers[6]);
    }

    public string Format() => string.Create(CultureInfo.InvariantCulture, $"{Completed} {Stale} {Errors} {EarlyLeaseMs} {LateLeaseMs} {CompleteMs} {CpuMs}");
}
