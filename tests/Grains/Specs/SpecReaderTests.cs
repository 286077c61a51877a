using Sweep.Grains.Specs;
using Xunit;

namespace Sweep.Tests.Grains.Specs;

public sealed class SpecReaderTests
{
    private const string Full = """
        sweep: full
        seeds: 3
        axes:
          dataset:
            - ring
            - {kind: ring, name: tight, std: 1e-2}
          preprocessing: [standardize, {kind: gaussianize, name: iterated, layers: 6, bandwidth: 0.5}]
          schedule: vp-cosine
          width: [8, 16]
          training.learning_rate: [1e-3, 3e-4]
          sampling.sampler: [ddim, {kind: ddim, name: eta1, eta: 1}]
        network: {hidden_layers: 2, activation: gelu}
        training: {steps: 4e3, batch: 64}
        compare: {axis: width, baseline: 16, metric: energy_distance}
        threshold_nats: 0.5
        """;

    [Fact]
    public void ReadText_WhenEverythingIsGiven_ResolvesIt()
    {
        var spec = FakeCatalogue.Valid(Full);

        Assert.Equal("full", spec.Name);
        Assert.Equal([0, 1, 2], spec.Seeds);
        Assert.Equal(
            ["dataset", "preprocessing", "schedule", "width", "training.learning_rate", "sampling.sampler"], spec.Axes.Select(a => a.Name));
        Assert.Equal(["ring", "tight"], spec.Axes[0].Values.Select(v => v.GetValue<string>()));
        Assert.Equal(["ddim", "eta1"], spec.Axes[5].Values.Select(v => v.GetValue<string>()));
        Assert.Equal(3 * 2 * 2 * 1 * 2 * 2 * 2, spec.TrialCount);
        Assert.Equal(new CompareSpec { Axis = "width", Baseline = "16", Metric = "energy_distance" }, spec.Compare);
        Assert.Equal(0.5, spec.ThresholdNats);
        Assert.Equal(Full, spec.Source);
    }

    [Fact]
    public void ReadText_WhenOnlyADatasetIsGiven_FillsInEveryDefault()
    {
        var spec = FakeCatalogue.Valid("sweep: least\naxes: {dataset: ring}");

        Assert.Equal(
            """
            {"axes":{"dataset":[{"kind":"ring","name":"ring","parameters":{"components":8,"std":0.08}}],
            "preprocessing":[{"kind":"standardize","name":"standardize","parameters":{}}],"schedule":[{"kind":"vp-linear",
            "name":"vp-linear","parameters":{"beta_max":20,"beta_min":0.1}}],"width":[64]},"compare":{"axis":"preprocessing",
            "baseline":"standardize","metric":"log_likelihood"},"network":{"activation":"silu","hidden_layers":3,"kind":"mlp",
            "time_features":32},"sampling":{"sampler":{"kind":"ddpm","name":"ddpm","parameters":{}},"samples":4096,"steps":100},
            "seeds":[0,1,2,3,4],"sweep":"least","threshold_nats":1,"training":{"batch":256,"learning_rate":0.001,
            "parametrisation":"epsilon","points":20000,"steps":4000,"warmup_steps":100}}
            """.ReplaceLineEndings(""),
            CanonicalJson.Write(spec.Resolved));
    }
}
