using Sweep.Silo;
using Xunit;

namespace Sweep.Tests.Silo;

public sealed class DataStageTests
{
    [Theory]
    [InlineData(1e-15, 1)]
    [InlineData(1e-6, 1)]
    [InlineData(2e-6, 2)]
    [InlineData(double.NaN, 2)]
    public void Notes_WhenPointsDoNotComeBack_SayIt(double roundTrip, int notes)
    {
        IReadOnlyList<string> said = DataStage.Notes(["a warning of the fit"], roundTrip);
        Assert.Equal(notes, said.Count);
        Assert.Equal(notes == 2, said[^1].Contains("ill-conditioned", StringComparison.Ordinal));
    }
}
