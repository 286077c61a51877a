using System.Security.Cryptography;
using Xunit;

namespace Sweep.Tests.Simulation;

/// <summary>See README.md in this folder. A seed that fails says itself, and repeats exactly: <c>tests/simulate --seeds 1 --from SEED</c>.</summary>
public sealed class SimulationTests
{
    private const int Few = 100;

    [Fact]
    public void Run_OfAHundredFixedSeeds_KeepsEveryPromiseAndEnds() => Run(1, Few);

    [Fact]
    public void Run_OfAHundredFreshSeeds_KeepsEveryPromiseAndEnds() => Run(RandomNumberGenerator.GetInt32(1_000_000, int.MaxValue), Few);

    [Fact]
    public void Run_OfOneSeedTwice_IsTheSameToTheLastEvent()
    {
        for (ulong seed = 1; seed <= 10; seed++)
        {
            SimOutcome first = Simulator.Run(seed), second = Simulator.Run(seed);
            Assert.Equal((first.Digest, first.Steps, first.Took), (second.Digest, second.Steps, second.Took));
        }
    }

    private static void Run(long from, int seeds)
    {
        for (long seed = from; seed < from + seeds; seed++)
        {
            SimOutcome outcome = Simulator.Run((ulong)seed);
            Assert.True(outcome.Wrong is null, outcome.ToString());
        }
    }
}
