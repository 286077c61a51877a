using Sweep.Grains.Coordination;
using Sweep.Silo;
using Sweep.Tests.Grains.Coordination;
using Xunit;

namespace Sweep.Tests.Silo;

public sealed class AttemptProgressTests
{
    [Fact]
    public void Snapshot_WhenDiagnosticsTakeHalf_GivesThemHalfOfTheBar()
    {
        AttemptProgress plain = Attempt(), diagnosed = Attempt();
        diagnosed.ExpectDiagnosis(0.5);
        Assert.Equal((0.8, 0.4), (At(plain, AttemptPhase.Train, 1), At(diagnosed, AttemptPhase.Train, 1)));
        Assert.Equal((0.97, 0.485), (At(plain, AttemptPhase.Evaluate, 0), At(diagnosed, AttemptPhase.Evaluate, 0)));
        Assert.Equal((1, 1), (At(plain, AttemptPhase.Evaluate, 1), At(diagnosed, AttemptPhase.Evaluate, 1)));
    }

    private static double At(AttemptProgress progress, AttemptPhase phase, double fraction)
    {
        progress.Report(phase, fraction);
        return Math.Round(progress.Snapshot().Fraction, 6);
    }

    private static AttemptProgress Attempt() => new(
        new Lease { SweepId = "s", Trial = Samples.Trial(0), Attempt = 1, FencingToken = 1, Expires = DateTimeOffset.UnixEpoch }, DateTimeOffset.UnixEpoch);
}
