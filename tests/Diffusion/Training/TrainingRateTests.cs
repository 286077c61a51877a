using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Training;
using Xunit;

namespace Sweep.Tests.Diffusion.Training;

public class TrainingRateTests
{
    /// <summary>On a clock that moves 1 ms per look, one step fits between two looks.</summary>
    [Fact]
    public void Measure_OnASteadyClock_CountsStepsPerSecond()
    {
        var rate = TrainingRate.Measure(new MlpShape(2, 32, 16, 2, Activation.Silu), 32, new SteadyClock(), TimeSpan.FromMilliseconds(40));
        Assert.Equal(1000, rate.StepsPerSecond, 1e-6);
        Assert.Equal(1000 * 4096, rate.DenoisedRowsPerSecond, 1e-3);
    }

    private sealed class SteadyClock : TimeProvider
    {
        private long _milliseconds;

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => _milliseconds++;
    }
}
