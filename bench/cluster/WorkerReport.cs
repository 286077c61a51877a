using System.Globalization;

namespace Sweep.Bench.Cluster;

/// <summary>What a silo process measured after warming up: one line of numbers.</summary>
/// <param name="CallMs">The median of complete and lease, one call or two.</param>
internal sealed record WorkerReport(int Completed, int Stale, int Errors, double CallMs, double CpuMs)
{
    public static WorkerReport Parse(string line)
    {
        double[] numbers = [.. line.Trim().Split(' ').Select(n => double.Parse(n, CultureInfo.InvariantCulture))];
        return new WorkerReport((int)numbers[0], (int)numbers[1], (int)numbers[2], numbers[3], numbers[4]);
    }

    public string Format() => string.Create(CultureInfo.InvariantCulture, $"{Completed} {Stale} {Errors} {CallMs} {CpuMs}");
}
