using Sweep.Grains.Coordination;
using Sweep.Grains.Orleans.Wire;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Orleans;

/// <summary>The lease that a report is of, as far as decisions need it: they look at the trial's row, never at its spec.</summary>
internal static class ReportedLease
{
    public static Lease Of(string sweepId, WireReport report) => new()
    {
        SweepId = sweepId,
        Trial = new TrialSpec
        {
            Id = report.TrialId, Dataset = null!, Preprocessing = null!, Schedule = null!, Network = null!, Training = null!, Sampling = null!, Seed = 0,
            ThresholdNats = 0, Axes = null!, Group = "",
        },
        Attempt = (int)report.FencingToken,
        FencingToken = report.FencingToken,
        Holder = report.Holder,
        Expires = default,
    };
}
