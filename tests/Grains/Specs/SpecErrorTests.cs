using Sweep.Diffusion.Metrics;
using Xunit;

namespace Sweep.Tests.Grains.Specs;

/// <summary>The text of every error, word for word: it is what a user has.</summary>
public sealed class SpecErrorTests
{
    private const string Minimal = "sweep: s\naxes:\n  dataset: ring\n";

    private const string TrainingKeys =
        "steps, batch, learning_rate, warmup_steps, points, parametrisation, noise_distribution, noise_mean, noise_std, weighting, sigma_data";

    /// <summary>What a two-dimensional dataset of known density has.</summary>
    private static readonly string NoModes = string.Join(
        ", ", MetricKinds.All.Where(m => m.Diagnostic is null
            && (m.Needs & (MetricNeeds.Modes | MetricNeeds.OneDimension)) == MetricNeeds.Nothing).Select(m => m.Name));

    private const string SamplingKeys = "sampler, steps, samples, grid, teleport, initial";

    private const string AxisNames =
        "dataset, preprocessing, schedule, width, variant, network.kind, network.hidden_layers, network.activation, network.time_features, "
        + "network.components, network.score_error, "
        + "training.steps, training.batch, training.learning_rate, training.warmup_steps, training.points, training.parametrisation, "
        + "training.noise_distribution, training.noise_mean, training.noise_std, training.weighting, training.sigma_data, sampling.sampler, sampling.steps, "
        + "sampling.samples, sampling.grid, sampling.teleport, sampling.initial";

    /// <summary>A spec and its errors, one per line.</summary>
    public static TheoryData<string, string> Cases { get; } = new()
    {
        { "", "spec.yaml:1: the file is empty; allowed: a mapping with at least the keys sweep and axes" },
        { "# nothing\n", "spec.yaml:1: the file is empty; allowed: a mapping with at least the keys sweep and axes" },
        { "just text",
            "spec.yaml:1: the file is not a mapping: just text; allowed: a mapping with the keys sweep, seeds, axes, search, tune, "
            + "network, training, sampling, diagnostics, "
            + "compare, race, threshold_nats, limits, expect" },
        { "- a\n- b\n",
            "spec.yaml:1: the file is not a mapping: a list; allowed: a mapping with the keys sweep, seeds, axes, search, tune, "
            + "network, training, sampling, diagnostics, "
            + "compare, race, threshold_nats, limits, expect" },
        { "sweep: s\naxes: {dataset: ring\n",
            "spec.yaml:3: not valid YAML: While parsing a flow mapping, did not find expected ',' or '}'. (column 1); allowed: YAML 1.2" },
        { "sweep: s\naxes:\n\tdataset: ring\n", "spec.yaml:3: a tab as indentation; allowed: spaces" },
        { "sweep: [a, b\nx: }\n", "spec.yaml:1: not valid YAML near here; allowed: YAML 1.2" },
        { "sweep: s\n---\nsweep: t\n", "spec.yaml:2: a second document; allowed: one per file" },
        { Minimal + "sweep: t\n", "spec.yaml:4: duplicate key: sweep (first on line 1); allowed: each key once" },
        { Minimal + "trainign: {steps: 5}\n",
            "spec.yaml:4: unknown key: trainign (did you mean training?); allowed: sweep, seeds, axes, search, tune, "
            + "network, training, sampling, diagnostics, compare, "
            + "race, threshold_nats, limits, expect" },
        { Minimal + "training: {stpes: 5}\n", "spec.yaml:4: unknown key in training: stpes (did you mean steps?); allowed: " + TrainingKeys },
        { Minimal + "steps: 5\n",
            "spec.yaml:4: unknown key: steps (did you mean training.steps or sampling.steps?); allowed: sweep, seeds, axes, search, tune, "
            + "network, training, sampling, "
            + "diagnostics, compare, race, threshold_nats, limits, expect" },
        { Minimal + "dataset: ring\n",
            "spec.yaml:4: unknown key: dataset (did you mean axes.dataset?); allowed: sweep, seeds, axes, search, tune, "
            + "network, training, sampling, diagnostics, compare, "
            + "race, threshold_nats, limits, expect" },
        { Minimal + "sampling: {learning_rate: 1}\n",
            "spec.yaml:4: unknown key in sampling: learning_rate (did you mean training.learning_rate?); allowed: " + SamplingKeys },
        { Minimal + "<<: {}\n",
            "spec.yaml:4: unknown key: <<; allowed: sweep, seeds, axes, search, tune, "
            + "network, training, sampling, diagnostics, compare, race, threshold_nats, limits, "
            + "expect" },
        { Minimal + "training: {lr: 1}\n", "spec.yaml:4: unknown key in training: lr; allowed: " + TrainingKeys },
        { Minimal + "network: {time_features: 33}\n", "spec.yaml:4: network.time_features: 33; allowed: a multiple of 2" },
        { "axes: {dataset: ring}\n",
            "spec.yaml:1: no key sweep; allowed: a name of 1 to 100 printable characters without / and \\, not starting with a dot or a space" },
        { "sweep: s\n", "spec.yaml:1: no axes.dataset; allowed: ring, gmm, file" },
        { "sweep: s\naxes: {}\n", "spec.yaml:2: no axes.dataset; allowed: ring, gmm, file" },
        { "sweep: s\naxes: []\n", "spec.yaml:2: axes: an empty list; allowed: a mapping with the axes" },
        { "sweep: s\naxes:\n  dataset:\n", "spec.yaml:3: axes.dataset: nothing; allowed: ring, gmm, file, or {kind: …, parameters}" },
        { "sweep: s\naxes: {dataset: []}\n", "spec.yaml:2: axes.dataset: an empty list; allowed: at least one value" },
        { "sweep: ../../etc\naxes: {dataset: ring}\n",
            "spec.yaml:1: sweep: ../../etc; allowed: a name of 1 to 100 printable characters without / and \\, not starting with a dot or a space" },
        { "sweep: \"a\\e[31m\"\naxes: {dataset: ring}\n",
            "spec.yaml:1: sweep: a\\u001b[31m; allowed: a name of 1 to 100 printable characters without / and \\, not starting with a dot or a space" },
        { "sweep: {a: b}\naxes: {dataset: ring}\n",
            "spec.yaml:1: sweep: a mapping; allowed: a name of 1 to 100 printable characters without / and \\, not starting with a dot or a space" },
        { Minimal + "  width: [8, -16]\n", "spec.yaml:4: axes.width: -16; allowed: a whole number from 4 to 4096" },
        { Minimal + "  width: [8, 16.5]\n", "spec.yaml:4: axes.width: 16.5; allowed: a whole number from 4 to 4096" },
        { Minimal + "  width: [5000]\n", "spec.yaml:4: axes.width: 5000; allowed: a whole number from 4 to 4096" },
        { Minimal + "  width: wide\n", "spec.yaml:4: axes.width: wide; allowed: a whole number from 4 to 4096" },
        { Minimal + "  width: [[8]]\n", "spec.yaml:4: axes.width: a list; allowed: a whole number from 4 to 4096" },
        { Minimal + "  width: []\n", "spec.yaml:4: axes.width: an empty list; allowed: at least one value" },
        { Minimal + "  width: [8, 16, 8.0]\n", "spec.yaml:4: duplicate value in axes.width: 8.0 (first on line 4); allowed: each value once" },
        { Minimal + "  wdith: [8]\n", "spec.yaml:4: unknown axis: wdith (did you mean width?); allowed: " + AxisNames },
        { Minimal + "  learning_rate: [1]\n", "spec.yaml:4: unknown axis: learning_rate (did you mean training.learning_rate?); allowed: " + AxisNames },
        { Minimal + "  network.width: [8]\n", "spec.yaml:4: unknown axis: network.width (did you mean width?); allowed: " + AxisNames },
        { Minimal + "  training.stpes: [8]\n", "spec.yaml:4: unknown axis: training.stpes (did you mean training.steps?); allowed: " + AxisNames },
        { Minimal + "  schedule: vp-liner\n", "spec.yaml:4: unknown schedule: vp-liner (did you mean vp-linear?); allowed: vp-linear, vp-cosine, ve" },
        { Minimal + "  schedule: [vp-linear, vp-cosine, vp-linear]\n",
            "spec.yaml:4: duplicate value in axes.schedule: vp-linear (first on line 4); allowed: each value once" },
        { Minimal + "  schedule: [vp-linear, {kind: vp-linear, name: other}]\n",
            "spec.yaml:4: duplicate value in axes.schedule: other is the same as vp-linear (line 4); allowed: each value once" },
        { Minimal + "  schedule: [vp-linear, {kind: vp-linear, beta_max: 10}]\n",
            "spec.yaml:4: duplicate name in axes.schedule: vp-linear (first on line 4); allowed: each name once, as in {kind: vp-linear, name: other}" },
        { Minimal + "  schedule: {beta_max: 10}\n", "spec.yaml:4: axes.schedule: no kind; allowed: vp-linear, vp-cosine, ve, or {kind: …, parameters}" },
        { Minimal + "  schedule: {kind: vp-linear, betamax: 10}\n",
            "spec.yaml:4: unknown parameter of vp-linear: betamax (did you mean beta_max?); allowed: kind, name, beta_min, beta_max" },
        { Minimal + "  schedule: {kind: vp-linear, beta_max: .nan}\n", "spec.yaml:4: vp-linear.beta_max: .nan; allowed: a number of at least 0" },
        { Minimal + "  schedule: {kind: vp-linear, beta_max: .inf}\n", "spec.yaml:4: vp-linear.beta_max: .inf; allowed: a number of at least 0" },
        { Minimal + "  schedule: {kind: vp-linear, beta_max: 1e999}\n", "spec.yaml:4: vp-linear.beta_max: 1e999; allowed: a number of at least 0" },
        { Minimal + "  schedule: {kind: vp-linear, name: ''}\n",
            "spec.yaml:4: axes.schedule.name: (nothing); allowed: text of 1 to 100 printable characters, not blank" },
        { Minimal + "  schedule: {kind: [ve]}\n", "spec.yaml:4: axes.schedule.kind: a list; allowed: vp-linear, vp-cosine, ve" },
        { Minimal + "  schedule: [[ve]]\n", "spec.yaml:4: axes.schedule: a list; allowed: vp-linear, vp-cosine, ve, or {kind: …, parameters}" },
        { Minimal + "  schedule: [~]\n", "spec.yaml:4: axes.schedule: nothing; allowed: vp-linear, vp-cosine, ve, or {kind: …, parameters}" },
        { Minimal + "  preprocessing: {kind: gaussianize, bandwidth: isg}\n",
            "spec.yaml:4: gaussianize.bandwidth: isg (did you mean isj?); allowed: a number above 0, at most 10, or isj, or silverman" },
        { Minimal + "  preprocessing: {kind: gaussianize, contrast: logkosh, layers: 0}\n",
            "spec.yaml:4: gaussianize.layers: 0; allowed: a whole number from 1 to 64\nspec.yaml:4: gaussianize.contrast: logkosh (did you mean logcosh?); "
            + "allowed: logcosh, exp, cube" },
        { "sweep: s\naxes:\n  dataset: {kind: gmm}\n", "spec.yaml:3: gmm: no weights; allowed: a list or a mapping" },
        { "sweep: s\naxes:\n  dataset:\n    kind: gmm\n    rotated: yes\n    weights: [1]\n", "spec.yaml:5: gmm.rotated: yes; allowed: true, false" },
        { "sweep: s\naxes:\n  dataset:\n    kind: gmm\n    rotated: true\n    weights: []\n", "spec.yaml:6: gmm: weights: none; allowed: one per component" },
        { "sweep: s\naxes:\n  dataset:\n    kind: gmm\n    weights:\n    - 1\n    - .nan\n", "spec.yaml:7: gmm.weights: .nan; allowed: finite numbers" },
        { "sweep: s\naxes:\n  dataset: {kind: file, path: missing.csv}\n",
            "spec.yaml:3: file.path: no such file: missing.csv; allowed: a file, relative to the spec's folder /tmp/" },
        { "sweep: s\naxes:\n  dataset: {kind: file, path: /}\n", "spec.yaml:3: file.path: / is a folder; allowed: a regular file: CSV, .npy, .npz or Parquet" },
        { "sweep: s\naxes:\n  dataset: {kind: file}\n", "spec.yaml:3: file: no path; allowed: text" },
        { Minimal + "seeds: 0\n", "spec.yaml:4: seeds: 0; allowed: how many, a whole number from 1 to 1000000, a list of seeds, or {looks: [5, 8, 12, 20]}" },
        { Minimal + "seeds: -3\n", "spec.yaml:4: seeds: -3; allowed: how many, a whole number from 1 to 1000000, a list of seeds, or {looks: [5, 8, 12, 20]}" },
        { Minimal + "seeds: []\n", "spec.yaml:4: seeds: an empty list; allowed: at least one seed" },
        { Minimal + "seeds: [1, 2, 1]\n", "spec.yaml:4: duplicate value in seeds: 1 (first on line 4); allowed: each seed once" },
        { Minimal + "seeds: [0, -1, x]\n",
            "spec.yaml:4: seeds: -1; allowed: whole numbers from 0 to 9007199254740991\nspec.yaml:4: seeds: x; allowed: whole numbers from 0 to "
            + "9007199254740991" },
        { Minimal + "seeds: 1000000000\n", "spec.yaml:4: seeds: 1000000000; allowed: how many, a whole number from 1 to 1000000, a list of seeds, or "
            + "{looks: [5, 8, 12, 20]}" },
        { Minimal + "training: {steps: no}\n", "spec.yaml:4: training.steps: no; allowed: a whole number from 1 to 10000000" },
        { Minimal + "training: {steps: 0}\n", "spec.yaml:4: training.steps: 0; allowed: a whole number from 1 to 10000000" },
        { Minimal + "training: {steps: [1, 2]}\n", "spec.yaml:4: training.steps: a list; allowed: one value, or a list as axes.training.steps" },
        { Minimal + "training: {steps: '5'}\n", "spec.yaml:4: training.steps: \"5\" in quotes; allowed: a whole number from 1 to 10000000" },
        { Minimal + "training: {learning_rate: 0}\n", "spec.yaml:4: training.learning_rate: 0; allowed: a number above 0, at most 10" },
        { Minimal + "training: {learning_rate: .NaN}\n", "spec.yaml:4: training.learning_rate: .NaN; allowed: a number above 0, at most 10" },
        { Minimal + "training: {parametrisation: eps}\n", "spec.yaml:4: training.parametrisation: eps (did you mean epsilon?); allowed: epsilon, x0, v, edm" },
        { Minimal + "training: 5\n", "spec.yaml:4: training: 5; allowed: a mapping with its keys" },
        { Minimal + "training: {steps: 50, warmup_steps: 60}\n", "spec.yaml:4: training.warmup_steps: 60; allowed: at most training.steps, 50" },
        { Minimal + "  training.steps: [50, 500]\ntraining: {warmup_steps: 60}\n",
            "spec.yaml:5: training.warmup_steps: 60; allowed: at most training.steps, 50" },
        { Minimal + "  training.steps: [50]\ntraining: {steps: 60}\n",
            "spec.yaml:5: given twice: training.steps, and axes.training.steps on line 4; allowed: one of them" },
        { Minimal + "  width: [8]\nnetwork: {width: 16}\n", "spec.yaml:5: given twice: network.width, and axes.width on line 4; allowed: one of them" },
        { Minimal + "network: {width: [8, 16]}\n", "spec.yaml:4: network.width: a list; allowed: one value, or a list as axes.width" },
        { Minimal + "sampling: {sampler: dddim}\n", "spec.yaml:4: unknown sampler: dddim (did you mean ddim?); allowed: ddpm, ddim" },
        { Minimal + "sampling: {sampler: [ddim]}\n", "spec.yaml:4: sampling.sampler: a list; allowed: one value, or a list as axes.sampling.sampler" },
        { Minimal + "sampling: {sampler: {kind: ddim, eta: 2}}\n", "spec.yaml:4: ddim.eta: 2; allowed: a number from 0 to 1" },
        { Minimal + "compare: {axis: widht}\n", "spec.yaml:4: compare.axis: widht (did you mean width?); allowed: dataset, preprocessing, schedule, width" },
        { Minimal + "compare: {baseline: whiten}\n", "spec.yaml:4: compare.baseline: whiten; allowed: standardize" },
        { Minimal + "  width: [8, 16]\ncompare: {axis: width, baseline: 32}\n", "spec.yaml:5: compare.baseline: 32; allowed: 8, 16" },
        { Minimal + "compare: {metric: loglikelihood}\n",
            "spec.yaml:4: compare.metric: loglikelihood (did you mean log_likelihood?); " + "allowed: " + NoModes + ", what diagnostics measures, or CURVE@X" },
        { Minimal + "compare: {metrics: loglikelihood}\n",
            "spec.yaml:4: unknown key in compare: metrics (did you mean metric?); allowed: axis, baseline, metric, pareto" },
        { Minimal + "compare: {pareto: energy_distance}\n",
            "spec.yaml:4: compare.pareto: energy_distance; allowed: two metrics, as [energy_distance, sample_seconds]" },
        { Minimal + "compare: {pareto: [energy_distance]}\n",
            "spec.yaml:4: compare.pareto: a list; allowed: two metrics, as [energy_distance, sample_seconds]" },
        { Minimal + "compare: {pareto: [energy_distance, energy_distance]}\n", "spec.yaml:4: compare.pareto: energy_distance twice; allowed: two metrics" },
        { Minimal + "compare: {pareto: [energy_distance, sample_second]}\n",
            "spec.yaml:4: compare.pareto: sample_second (did you mean sample_seconds?); allowed: " + NoModes
                + ", what diagnostics measures, or CURVE@X" },
        { Minimal + "compare: {pareto: [energy_distance, mode_coverage]}\n",
            "spec.yaml:4: compare.pareto: mode_coverage needs a dataset with known modes, and there is none; allowed: " + NoModes },
        { Minimal + "compare: {pareto: [energy_distance, bits_per_dimension]}\n",
            "spec.yaml:4: compare.pareto: bits_per_dimension needs diagnostics.likelihood; allowed: what some trial has" },
        { Minimal + "compare: preprocessing\n", "spec.yaml:4: compare: preprocessing; allowed: a mapping with axis, baseline and metric" },
        { Minimal + "compare: {metric: mode_coverage}\n",
            "spec.yaml:4: compare.metric: mode_coverage needs a dataset with known modes, and there is none; allowed: " + NoModes },
        { Minimal + "threshold_nats: 0\n", "spec.yaml:4: threshold_nats: 0; allowed: a number above 0" },
        { Minimal + "? [a]\n: b\n", "spec.yaml:4: a key that is a list or a mapping; allowed: a name" },
        { Minimal + "training: !!map {steps: !foo 5}\n",
            "spec.yaml:4: a tag: tag:yaml.org,2002:map; allowed: none but !!str\nspec.yaml:4: a tag: !foo; allowed: none but !!str" },
        { Minimal + "training: {steps: *x}\n", "spec.yaml:4: unknown alias: *x; allowed: an anchor above it" },
        { Minimal + "training: &x {steps: *x}\n", "spec.yaml:4: an alias inside its own anchor: *x; allowed: an anchor above it" },
        { Minimal + "a: &a [1,1,1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d "
            + "[*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\n",
            "spec.yaml:8: more than 100000 values, aliases counted each time; allowed: at most 100000" },
        { Minimal + "a: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]\n",
            "spec.yaml:4: lists and mappings nested deeper than 32; allowed: at most 32 levels" },
        { "sweep: s\naxes:\n  dataset: [rign, {kind: ring, std: 0}]\n  width: [3, 8]\ntraining: {stpes: 1, batch: x}\nseeds: 0\nfoo: 1\n",
            "spec.yaml:3: unknown dataset: rign (did you mean ring?); allowed: ring, gmm, file\nspec.yaml:3: ring.std: 0; allowed: a number above 0, at most "
            + "10\nspec.yaml:4: axes.width: 3; allowed: a whole number from 4 to 4096\nspec.yaml:5: unknown key in training: stpes (did you mean steps?); "
            + "allowed: " + TrainingKeys
            + "\nspec.yaml:5: training.batch: x; allowed: a whole number from 1 to 65536\nspec.yaml:6: seeds: 0; allowed: how many, a whole number from 1 to "
            + "1000000, a list of seeds, or {looks: [5, 8, 12, 20]}\nspec.yaml:7: unknown key: foo; allowed: sweep, seeds, axes, search, tune, network, "
            + "training, sampling, diagnostics, compare, "
            + "race, threshold_nats, limits, expect" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void ReadText_WhenWrong_SaysSo(string spec, string errors)
    {
        var reading = FakeCatalogue.Read(spec);
        Assert.Null(reading.Spec);
        Assert.Equal(errors.ReplaceLineEndings("\n"), string.Join('\n', reading.Errors));
    }

    [Fact]
    public void ReadText_WhenTheGridIsABillionTrials_RefusesItUnexpanded()
    {
        var widths = string.Join(", ", Enumerable.Range(4, 1000));
        var reading = FakeCatalogue.Read($"sweep: s\nseeds: 1000\naxes:\n  dataset: ring\n  width: [{widths}]\n  training.steps: [{widths}]\n");
        Assert.Equal(
            "spec.yaml:3: too many trials: 1000000000 = 1000 width x 1000 training.steps x 1000 seeds; allowed: at most 1000000",
            Assert.Single(reading.Errors).ToString());
    }

    [Fact]
    public void ReadText_WhenThereAreVeryManyErrors_KeepsTheFirstAndCountsTheRest()
    {
        var reading = FakeCatalogue.Read(Minimal + string.Concat(Enumerable.Range(0, 5000).Select(i => $"key{i}: 1\n")));
        Assert.Equal(101, reading.Errors.Count);
        Assert.Equal("and 4900 more errors; allowed: none", reading.Errors[^1].Message);
    }
}
