using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Tests.Grains.Comparison.Expectations;

/// <summary>A report's input of given trials, on no machine in particular.</summary>
internal static class SyntheticSweepInput
{
    public static ReportInput Of(SweepSpec spec, IReadOnlyList<CompletedTrial> completed) => new()
    {
        Spec = spec,
        Completed = completed,
        Environment = new ReportEnvironment { SweepVersion = "0.1.0", Dotnet = "10.0.0", Os = "an OS", Cpu = "a CPU", Cores = 2, VectorWidth = 256 },
        Generated = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
    };
}
