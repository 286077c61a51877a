using Sweep.Diffusion.Networks;
using Sweep.Grains.Specs;
using Sweep.Silo;
using Xunit;

namespace Sweep.Tests.Silo.Devices;

/// <summary>What leases of a GPU's silo are made of: the queue's order is by estimated cost, and trials of one shape train in one launch.</summary>
public sealed class LeaseShapesTests
{
    /// <summary>
    /// The whole job of the packed trainer's bench, 1,080 trials of eight shapes: apart from the boundaries between shapes' costs a lease is of one shape,
    /// whatever number of trials it is of.
    /// </summary>
    [Theory]
    [InlineData(1024, 8, 8)]
    [InlineData(264, 2.8, 3)]
    [InlineData(132, 1.9, 3)]
    [InlineData(66, 1.5, 2)]
    public void Leases_OfTheWholeJob_AreOfNeighbouringShapes(int slots, double mean, int most)
    {
        TrialSpec[] trials = [.. TrialExpansion.Expand(SpecReader.ReadText(
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Silo", "Devices", "Data", "whole-job.yaml")), "whole-job.yaml", Path.GetTempPath(),
                SpecCatalogue.Default).Spec!)];
        Assert.Equal(1080, trials.Length);
        NetworkShape[] queue = [.. trials.Select((t, i) => (Cost: TrialCost.Estimate(t), Ordinal: i, Shape: TrialCost.Shape(t))).OrderByDescending(t => t.Cost)
            .ThenBy(t => t.Ordinal).Select(t => t.Shape)];
        int[] shapes = [.. queue.Chunk(slots).Select(lease => lease.Distinct().Count())];

        Assert.Equal(8, queue.Distinct().Count());
        Assert.InRange(shapes.Average(), 1, mean);
        Assert.InRange(shapes.Max(), 1, most);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{slots} trials: {shapes.Length} leases of {shapes.Average():F2} shapes, at most {shapes.Max()}; changes of shape along the queue: "
            + $"{queue.Zip(queue.Skip(1)).Count(p => p.First != p.Second)}");
    }
}
