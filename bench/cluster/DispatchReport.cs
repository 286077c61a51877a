using System.Globalization;

namespace Sweep.Bench.Cluster;

/// <summary>What a silo process saw while it was measured, as one line of numbers.</summary>
/// <param name="Completed">Trials begun after another on the same slot, so with that one's result committed.</param>
/// <param name="CpuMs">Of the process.</param>
/// <param name="WaitsMs">From a trial's end to the beginning of the next on the same slot.</param>
internal sealed record DispatchReport(int Completed, double CpuMs, double[] WaitsMs)
{
    public static DispatchReport Parse(string line)
    {
        double[] numbers = [.. line.Split(' ').Select(n => double.Parse(n, CultureInfo.InvariantCulture))];
        return new DispatchReport((int)numbers[0], numbers[1], numbers[2..]);
    }

    public string Format() => string.Join(' ', new[] { Completed, CpuMs }.Concat(WaitsMs).Select(n => n.ToString("R", CultureInfo.InvariantCulture)));
}
