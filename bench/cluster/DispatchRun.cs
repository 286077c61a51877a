namespace Sweep.Bench.Cluster;

/// <summary>The cluster at one size and one length of trials, over some seconds.</summary>
internal sealed class DispatchRun(IReadOnlyList<DispatchReport> reports, TimeSpan databaseCpu, int seconds)
{
    private readonly double[] _waits = [.. reports.SelectMany(r => r.WaitsMs).Order()];

    private int Completed => reports.Sum(r => r.Completed);

    public double Rate => Completed / (double)seconds;

    /// <summary>CPU of the database per trial, which in seconds is that per 1,000.</summary>
    public double DatabaseMs => Completed == 0 ? double.NaN : databaseCpu.TotalMilliseconds / Completed;

    public double SiloMs => Completed == 0 ? double.NaN : reports.Sum(r => r.CpuMs) / Completed;

    public double Percentile(double p) => _waits.Length == 0 ? double.NaN : _waits[(int)(p * (_waits.Length - 1))];
}
