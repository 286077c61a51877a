using Sweep.Client.Report;
using Sweep.Silo;
using Xunit;

namespace Sweep.Tests.Silo;

/// <summary>The moments of a trajectory, and that its file is read as it was written.</summary>
public sealed class TrajectoryTests
{
    [Theory]
    [InlineData(1, new[] { 0 })]
    [InlineData(4, new[] { 0, 1, 2, 3 })]
    [InlineData(17, new[] { 0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14, 15, 16 })]
    public void Steps_AreSpreadOverAllStates_BothEndsAmongThem(int states, int[] expected) => Assert.Equal(expected, Trajectory.Steps(states));

    [Fact]
    public void Format_OfRecordedStates_IsReadBackMomentByMoment()
    {
        var trajectory = new Trajectory(101, samples: 3, dimensions: 2);
        for (int step = 0; step <= 100; step++)
            trajectory.Record(step, [step, -step, 1, 2, 3, step / 2.0]);

        using var file = new MemoryStream(trajectory.Format());
        double[][] moments = ArtifactSamples.Moments(file, 2, 10)!;

        int[] steps = Trajectory.Steps(101);
        Assert.Equal((16, 0, 100), (steps.Length, steps[0], steps[^1]));
        Assert.Equal(steps.Select(s => new[] { s, -s, 1, 2, 3, s / 2.0 }), moments);
        Assert.True(trajectory.Has(100));
        Assert.False(trajectory.Has(1));
    }

    [Fact]
    public void Format_OfManyDimensions_StaysSmall()
    {
        var trajectory = new Trajectory(100, samples: 5000, dimensions: 784);
        byte[] file = trajectory.Format();
        Assert.InRange(file.Length, 100_000, 600_000);
        using var stream = new MemoryStream(file);
        Assert.Equal(10 * 784, ArtifactSamples.Moments(stream, 784, 1000)![15].Length);
    }

    [Fact]
    public void Moments_OfWhatIsNoTrajectory_IsNothing()
    {
        byte[] file = new Trajectory(5, samples: 3, dimensions: 2).Format();
        Assert.Null(Of(file, 3));
        Assert.Null(Of(file[..^1], 2));
        Assert.Null(Of("no array"u8.ToArray(), 2));
        Assert.Null(Of([], 2));
        Assert.Null(ArtifactSamples.Moments(null, 2, 3));

        static double[][]? Of(byte[] bytes, int dimensions)
        {
            using var stream = new MemoryStream(bytes);
            return ArtifactSamples.Moments(stream, dimensions, 3);
        }
    }
}
