using System.Text.Json.Nodes;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;
using Sweep.Silo;
using Sweep.Tests.Grains.Coordination;
using Xunit;

namespace Sweep.Tests.Silo;

/// <summary>Which trials only some silos can run.</summary>
public sealed class TrialNeedsTests
{
    [Theory]
    [InlineData("mlp", 16, Abilities.None)]
    [InlineData("mlp", 1024, Abilities.None)]
    [InlineData("mlp", 1025, Abilities.Torch)]
    [InlineData("residual", 16, Abilities.Torch)]
    [InlineData("unet", 16, Abilities.Torch)]
    [InlineData("delta", 16, Abilities.None)]
    [InlineData("delta", 4096, Abilities.None)]
    public void Plan_WhenTheNetworkIsNoFusedOne_NeedsTorch(string kind, int width, Abilities expected)
    {
        TrialSpec sample = Samples.Trial(0);
        TrialSpec trial = sample with
        {
            Dataset = new KindSpec { Kind = "digits", Name = "digits",
                Parameters = new JsonObject { ["definition_seed"] = 0, ["dimensions"] = 64, ["test_fraction"] = 0.2 } },
            Network = sample.Network with { Kind = kind, Width = width },
        };

        PlannedTrial planned = TrialNeeds.Plan(trial);

        Assert.Equal((trial, expected), (planned.Trial, planned.Needs));
    }
}
