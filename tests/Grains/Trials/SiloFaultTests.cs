using Sweep.Grains.Coordination;
using Sweep.Grains.Trials;
using Xunit;

namespace Sweep.Tests.Grains.Trials;

public sealed class SiloFaultTests
{
    private static readonly CoordinatorOptions Limits = new() { QuarantineAfterTrials = 3 };

    [Theory]
    [InlineData(3, "t1", "3 different trials in a row failed on it, and t1 completed elsewhere")]
    [InlineData(2, "t1", null)]
    [InlineData(3, null, null)]
    [InlineData(99, null, null)]
    public void Quarantine_WhenEnoughTrialsFailedAndOneCompletedElsewhere_SaysSo(int failed, string? elsewhere, string? reason) =>
        Assert.Equal(reason, SiloFault.Quarantine(failed, elsewhere, Limits));
}
