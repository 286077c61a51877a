using Sweep.Grains.Comparison;
using Sweep.Grains.Coordination;
using Sweep.Tests.Grains.Coordination;
using Xunit;

namespace Sweep.Tests.Diffusion.Metrics;

public sealed class LogLikelihoodGapTests
{
    /// <summary>Truth level minus log-likelihood, the one sign of a gap: above 0 samples miss some of the truth, below 0 they crowd its modes.</summary>
    [Theory]
    [InlineData(-3, 2)]
    [InlineData(-1, 0)]
    [InlineData(-0.25, -0.75)]
    public void Read_Always_IsTheTruthLevelMinusTheLogLikelihood(double logLikelihood, double gap)
    {
        TrialResult result = Samples.Result() with
        {
            Metrics = new Dictionary<string, MetricValue>(StringComparer.Ordinal) { ["log_likelihood"] = new(logLikelihood, -1) },
            Curves = new Dictionary<string, float[]>(StringComparer.Ordinal) { ["log_likelihood"] = [-9, (float)logLikelihood] },
        };
        Assert.Equal(new MetricValue(gap, 0), MetricReader.Read(Samples.Trial(0), result, "log_likelihood_gap"));
        Assert.Equal(new MetricValue(gap, 0), MetricReader.Read(Samples.Trial(0), result, "log_likelihood_gap@1"));
        Assert.Equal(8, MetricReader.Read(Samples.Trial(0), result, "log_likelihood_gap@0").Value);
    }
}
