using System.Globalization;
using System.Text.Json.Nodes;
using Sweep.Diffusion.Numerics;
using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;
using Sweep.Grains.Specs.Expectations;

namespace Sweep.Tests.Grains.Comparison.Report;

/// <summary>
/// A made-up sweep shaped like the quickstart: 3 datasets, 3 preprocessings, 4 widths, 3 seeds, 101-point curves. On ica4 and grid9 the
/// gaussianize arm starts at the truth level and ends nearer to it; on ring8 it is 20 nats better early and worse at the end from width 16 on. One trial
/// failed.
/// </summary>
internal static class SyntheticSweep
{
    public static readonly string[] Datasets = ["ica4", "grid9", "ring8"];
    public static readonly string[] Preprocessings = ["standardize", "whiten", "gaussianize"];
    public static readonly int[] Widths = [8, 16, 32, 64];
    public static readonly long[] Seeds = [0, 1, 2];

    private static readonly double[] TruthLevels = [-2.31, -1.17, -1.62];
    private static readonly double[,] Starts = { { -14.2, -13.1, -2.42 }, { -22.5, -22.3, -1.25 }, { -31.0, -30.6, -9.4 } };
    private static readonly double[] Turns = [78, 77, 55];

    public static SweepSpec Spec(string metric = "log_likelihood")
    {
        JsonObject resolved = new()
        {
            ["sweep"] = "quickstart",
            ["seeds"] = new JsonArray(0, 1, 2),
            ["training"] = new JsonObject { ["steps"] = 4000, ["batch"] = 256, ["learning_rate"] = 0.01 },
            ["sampling"] = new JsonObject { ["sampler"] = "ddpm", ["steps"] = 100, ["samples"] = 4096 },
        };
        return new SweepSpec
        {
            Name = "quickstart",
            Id = "0123456789abcdef",
            Seeds = Seeds,
            Axes =
            [
                new SweepAxis("dataset", [.. Datasets.Select(d => (JsonNode)d)]),
                new SweepAxis("preprocessing", [.. Preprocessings.Select(p => (JsonNode)p)]),
                new SweepAxis("schedule", ["vp-linear"]),
                new SweepAxis("width", [.. Widths.Select(w => (JsonNode)w)]),
            ],
            Compare = new CompareSpec { Axis = "preprocessing", Baseline = "standardize", Metric = metric },
            ThresholdNats = 1,
            Expectations = Expectations,
            Withdrawn = [Expectations[0] with { Claim = "Gaussianized ica4 reaches the truth level within 5 steps",
                Is = ConditionReader.Read("<= 5", out _)! }],
            Resolved = resolved,
            Source = "sweep: quickstart\nseeds: 3\naxes:\n  dataset: [ica4, grid9, ring8]\n  preprocessing: [standardize, whiten, gaussianize]\n"
                + "  schedule: [vp-linear]\n  width: [8, 16, 32, 64]\n",
        };
    }

    /// <summary>The same with one data set alone.</summary>
    public static SweepSpec Only(string dataset, string metric = "log_likelihood")
    {
        SweepSpec spec = Spec(metric);
        return spec with { Axes = [.. spec.Axes.Select(a => a.Name == "dataset" ? a with { Values = [dataset] } : a)], Expectations = [], Withdrawn = [] };
    }

    /// <summary>
    /// One of each verdict, a claim of one group and of several, of values and of comparisons, with never on either side; the last stated after the results.
    /// </summary>
    private static ExpectationSpec[] Expectations =>
    [
        Expect("Gaussianized ica4 reaches the truth level within 20 steps", "<= 20", "steps_to_threshold", ("dataset", ["ica4"]),
            ("preprocessing", ["gaussianize"])),
        Expect("Standardized grid9 never comes near it, at any width", "> 100", "steps_to_threshold", ("dataset", ["grid9"]),
            ("preprocessing", ["standardize"])),
        Expect("Gaussianization ends nearer to the truth level, whatever the data", "b < a", "log_likelihood_gap") with { Axis = "preprocessing",
            A = "standardize", B = "gaussianize" },
        Expect("On ring8 it ends farther from it at width 64", "b - a >= 0.5", "log_likelihood_gap", ("dataset", ["ring8"]),
            ("width", ["64"])) with { Axis = "preprocessing", A = "standardize", B = "gaussianize" },
        Expect("The gap at width 8 is at most a third of what it is after 20 steps", "b / a <= 0.3333", "log_likelihood_gap@20", ("dataset", ["ica4"]),
            ("width", ["8"]), ("preprocessing", ["standardize"]))
            with { Metrics = ["log_likelihood_gap@20", "log_likelihood_gap"] },
        Expect("Whitening alone changes the end of grid9 by at most 0.5 nats", "|b - a| <= 0.5", "log_likelihood", ("dataset", ["grid9"])) with
        {
            Axis = "preprocessing", A = "standardize", B = "whiten", Registered = new(new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero), 107, 108),
        },
    ];

    public static ReportInput Input()
    {
        List<CompletedTrial> completed = [];
        List<FailedTrial> failed = [];
        for (int d = 0; d < Datasets.Length; d++)
        {
            for (int p = 0; p < Preprocessings.Length; p++)
            {
                foreach (int width in Widths)
                {
                    foreach (long seed in Seeds)
                    {
                        CompletedTrial trial = Trial(d, p, width, seed);
                        if ((d, p, width, seed) == (1, 1, 8, 2))
                            failed.Add(new FailedTrial(trial.Trial, "failed", "the loss became NaN at step 812; lower the learning rate"));
                        else
                            completed.Add(trial);
                    }
                }
            }
        }

        return new ReportInput
        {
            Spec = Spec(),
            Completed = completed,
            Failed = failed,
            Environment = new ReportEnvironment
            {
                SweepVersion = "0.1.0", Dotnet = "10.0.0", Os = "Debian GNU/Linux 12", Cpu = "Example CPU @ 2.60GHz", Cores = 2, VectorWidth = 512,
            },
            Generated = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        };
    }

    /// <summary>A trial with given metrics and no curves, for tests of single rules.</summary>
    public static CompletedTrial With(
        string dataset, string preprocessing, int width, long seed, Dictionary<string, MetricValue> metrics, Dictionary<string, float[]>? curves = null)
    {
        JsonObject axes = new() { ["dataset"] = dataset, ["preprocessing"] = preprocessing, ["schedule"] = "vp-linear", ["width"] = width };
        string group = axes.ToJsonString();
        string id = (Fnv(group) + (ulong)seed).ToString("x16", CultureInfo.InvariantCulture);
        TrialSpec spec = new()
        {
            Id = id,
            Dataset = Kind(dataset),
            Preprocessing = Kind(preprocessing),
            Schedule = Kind("vp-linear"),
            Network = new NetworkSpec { Kind = "mlp", Width = width, HiddenLayers = 2, Activation = "silu", TimeFeatures = 32 },
            Training = new TrainingSpec { Steps = 4000, Batch = 256, LearningRate = 0.01, WarmupSteps = 100, Points = 20000, Parametrisation = "epsilon" },
            Sampling = new SamplingSpec { Sampler = Kind("ddpm"), Steps = 100, Samples = 4096 },
            Seed = seed,
            ThresholdNats = 1,
            Axes = axes,
            Group = group,
        };
        return new CompletedTrial(spec, new TrialResult
        {
            Metrics = metrics,
            Curves = curves ?? [],
            Device = "cpu",
            Notes = (dataset, preprocessing, width, seed) == ("ring8", "gaussianize", 8, 1) ? ["FastICA did not converge"] : [],
        });
    }

    private static CompletedTrial Trial(int d, int p, int width, long seed)
    {
        PhiloxStream noise = new((ulong)seed, NoisePurpose.Bootstrap, (uint)(d * 1000 + p * 100 + width));
        PhiloxStream data = new((ulong)seed, NoisePurpose.TestPoints, (uint)d);
        double truthLevel = TruthLevels[d] + 0.02 * data.NextNormal();
        double gap = Gap(d, p, width) * Math.Exp(0.06 * noise.NextNormal()) + 0.01 * noise.NextNormal();
        double start = Starts[d, p] + 0.05 * noise.NextNormal(), turn = Turns[p] + 0.5 * noise.NextNormal();
        float[] curve = new float[101], denoised = new float[101], loss = new float[50];
        double first = Logistic(-turn / 7), last = Logistic((100 - turn) / 7);
        for (int k = 0; k < curve.Length; k++)
        {
            double share = (Logistic((k - turn) / 7) - first) / (last - first);
            double dip = p == 2 && d != 2 ? 0.25 * Math.Exp(-Math.Pow((k - 45) / 18.0, 2)) : 0;
            curve[k] = (float)(start + (truthLevel - gap - start) * share - dip + 0.003 * noise.NextNormal());
            denoised[k] = (float)(truthLevel - gap - (1 - share) * (p == 2 ? 1.2 : 9) * (1 - 0.2 * share));
        }

        for (int i = 0; i < loss.Length; i++)
            loss[i] = (float)(0.35 + 0.65 * Math.Exp(-i / 6.0) + 0.01 * noise.NextNormal() + 0.08 * 8 / width);
        int within = curve.Length;
        while (within > 0 && Math.Abs(curve[within - 1] - truthLevel) <= 1)
            within--;
        bool modes = d != 0;
        return With(Datasets[d], Preprocessings[p], width, seed, new Dictionary<string, MetricValue>(StringComparer.Ordinal)
        {
            ["log_likelihood"] = new(curve[100], truthLevel),
            ["energy_distance"] = new(0.002 + 0.02 * Math.Abs(gap) * Math.Exp(0.1 * noise.NextNormal()), 0.0019 + 0.0001 * data.NextDouble()),
            ["sliced_wasserstein2"] = new(0.02 + 0.06 * Math.Abs(gap) * Math.Exp(0.1 * noise.NextNormal()), 0.019 + 0.001 * data.NextDouble()),
            ["mode_coverage"] = modes ? new(Math.Min(1, 1.02 - 0.03 * gap), 1) : new(null, null, "no known modes"),
            ["mode_precision"] = modes ? new(Math.Max(0, 0.985 - 0.1 * gap), 0.989) : new(null, null, "no known modes"),
            ["steps_to_threshold"] = within < curve.Length ? new(within) : new(null, null, "never"),
            ["log_likelihood_total_variation"] = new(Enumerable.Range(1, 100).Sum(k => Math.Abs((double)curve[k] - curve[k - 1]))),
            ["train_seconds"] = new(0.8 + 0.02 * width + 0.05 * noise.NextDouble()),
            ["sample_seconds"] = new(0.1 + 0.002 * width),
        }, new Dictionary<string, float[]>(StringComparer.Ordinal)
        {
            ["log_likelihood"] = curve, ["log_likelihood_x0"] = denoised, ["training_loss"] = loss,
        });
    }

    private static ExpectationSpec Expect(string claim, string condition, string metric, params (string Axis, string[] Values)[] where) => new()
    {
        Claim = claim,
        Where = [.. where.Select(w => KeyValuePair.Create<string, IReadOnlyList<string>>(w.Axis, w.Values))],
        Metrics = [metric],
        Is = ConditionReader.Read(condition, out _)!,
        Registered = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), 0, 108),
    };

    private static double Gap(int d, int p, int width)
    {
        double narrow = 8.0 / width;
        return (d, p) switch
        {
            (2, 2) => 0.9 * Math.Pow(narrow, 0.35),
            (2, _) => (1.2 - 0.05 * p) * Math.Pow(narrow, 1.3),
            (_, 2) => 0.06 + 0.1 * narrow,
            _ => (d == 0 ? 1.5 : 2.6) * (1 - 0.1 * p) * Math.Pow(narrow, 0.8) + 0.1,
        };
    }

    private static double Logistic(double x) => 1 / (1 + Math.Exp(-x));

    private static KindSpec Kind(string name) => new() { Kind = name, Name = name, Parameters = [] };

    private static ulong Fnv(string text) => text.Aggregate(14695981039346656037UL, (hash, c) => unchecked((hash ^ c) * 1099511628211UL));
}
