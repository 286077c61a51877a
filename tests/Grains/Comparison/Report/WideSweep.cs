using System.Text.Json.Nodes;
using Sweep.Client.Report;
using Sweep.Diffusion.Numerics;
using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Tests.Grains.Comparison.Report;

/// <summary>
/// A made-up sweep of 20 datasets, 6 preprocessings, 10 widths and 2 seeds, with the metrics and curves of real trials: 2400 of them. Each later preprocessing
/// starts and ends nearer to the truth level on three datasets of four, and farther from it on the fourth; on the first dataset nothing differs.
/// </summary>
internal static class WideSweep
{
    public static readonly string[] Datasets = [.. Enumerable.Range(1, 20).Select(i => i % 4 == 0 ? $"gmm-grid-{i}x{i}-rotated" : $"ica{i + 1}")];
    public static readonly string[] Preprocessings = ["standardize", "whiten", "ica", "gaussianize", "gaussianize-deep", "marginal-gaussianize"];
    public static readonly int[] Widths = [4, 8, 16, 24, 32, 48, 64, 96, 128, 256];

    private const int Steps = 100, Windows = 50;

    private static int Arms => Datasets.Length * Preprocessings.Length;

    public static SweepSpec Spec()
    {
        SweepSpec small = SyntheticSweep.Spec();
        JsonObject resolved = (JsonObject)small.Resolved.DeepClone();
        (resolved["sweep"], resolved["seeds"]) = ("wide", new JsonArray(0, 1));
        return small with
        {
            Name = "wide",
            Id = "fedcba9876543210",
            Seeds = [0, 1],
            Axes =
            [
                new SweepAxis("dataset", [.. Datasets.Select(d => (JsonNode)d)]),
                new SweepAxis("preprocessing", [.. Preprocessings.Select(p => (JsonNode)p)]),
                new SweepAxis("schedule", ["vp-linear"]),
                new SweepAxis("width", [.. Widths.Select(w => (JsonNode)w)]),
            ],
            Expectations = [],
            Withdrawn = [],
            Resolved = resolved,
            Source = "sweep: wide\nseeds: 2\n",
        };
    }

    public static ReportInput Input() => SyntheticSweep.Input() with
    {
        Spec = Spec(),
        Completed =
        [
            .. Enumerable.Range(0, Datasets.Length).SelectMany(d => Enumerable.Range(0, Preprocessings.Length)
                .SelectMany(p => Widths.SelectMany(w => Enumerable.Range(0, 2).Select(seed => Trial(d, p, w, seed))))),
        ],
        Failed = [],
        Scatters = [.. Datasets.Select(Scatter)],
    };

    /// <summary>As many points as the samples and trajectories of so many groups leave in a report.</summary>
    private static ScatterSection Scatter(string dataset, int number) => new()
    {
        Dataset = dataset, Dimensions = 2, Axes = ["x1", "x2"], Low = [-4, -4], High = [4, 4], Truth = Cloud(number, SampleScatters.Count),
        Groups =
        [
            .. Preprocessings.Select((p, arm) => new GroupScatter
            {
                Axes = new JsonObject { ["dataset"] = dataset, ["preprocessing"] = p, ["schedule"] = "vp-linear", ["width"] = 32 },
                Trial = $"{number}-{arm}", Seed = 0, Points = Cloud((100 * number) + arm, SampleScatters.Still(Arms)), Outside = 0,
                Moments = [.. Enumerable.Range(0, 16).Select(m =>
                    new ScatterMoment(m * Steps / 15, Cloud((1000 * number) + (20 * arm) + m, SampleScatters.Moving(Arms)), 0))],
            }),
        ],
    };

    private static string Cloud(int key, int count)
    {
        PhiloxStream noise = new((ulong)key, NoisePurpose.Bootstrap, 1);
        ushort[] places = [.. Enumerable.Range(0, 2 * count).Select(_ => (ushort)(ushort.MaxValue * Math.Clamp(0.5 + (noise.NextNormal() / 8), 0, 1)))];
        return Convert.ToBase64String(System.Runtime.InteropServices.MemoryMarshal.AsBytes(places.AsSpan()));
    }

    private static CompletedTrial Trial(int d, int p, int width, long seed)
    {
        PhiloxStream noise = new((ulong)seed, NoisePurpose.Bootstrap, (uint)(d * 10_000 + p * 1000 + width));
        PhiloxStream data = new((ulong)seed, NoisePurpose.TestPoints, (uint)d);
        double truthLevel = -1.2 - (0.9 * d) + (0.01 * data.NextNormal());
        double effect = d == 0 ? 0 : d % 4 == 3 ? 0.25 : -0.15;
        double gap = 0.05 * (1 + d) * Math.Pow(64.0 / width, 0.7) * (1 + (effect * p)) * Math.Exp(0.01 * noise.NextNormal());
        float[] curve = new float[Steps + 1], denoised = new float[Steps + 1], loss = new float[Windows];
        double start = truthLevel - (4 * (1 + (0.2 * d)) * (6 - p));
        for (int k = 0; k <= Steps; k++)
        {
            double share = 1 / (1 + Math.Exp(-(k - 70) / 8.0));
            curve[k] = (float)(start + ((truthLevel - gap - start) * share) + (0.003 * noise.NextNormal()));
            denoised[k] = (float)(truthLevel - gap - ((1 - share) * (7 - p)) + (0.003 * noise.NextNormal()));
        }

        for (int i = 0; i < Windows; i++)
            loss[i] = (float)(0.3 + (0.6 * Math.Exp(-i / 6.0)) + (0.01 * noise.NextNormal()) + (0.5 / width));
        double near = Math.Abs(gap) * Math.Exp(0.1 * noise.NextNormal());
        return SyntheticSweep.With(Datasets[d], Preprocessings[p], width, seed, new Dictionary<string, MetricValue>(StringComparer.Ordinal)
        {
            ["log_likelihood"] = new(curve[Steps], truthLevel),
            ["energy_distance"] = new(0.002 + (0.02 * near), 0.0019 + (0.0001 * data.NextDouble())),
            ["sliced_wasserstein2"] = new(0.02 + (0.06 * near), 0.019 + (0.001 * data.NextDouble())),
            ["mode_coverage"] = new(Math.Clamp(1.02 - (0.03 * gap), 0, 1), 1),
            ["mode_precision"] = new(Math.Clamp(0.985 - (0.1 * gap), 0, 1), 0.989),
            ["steps_to_threshold"] = gap < 0.9 ? new(80 + Math.Round(10 * gap)) : new(null, null, "never"),
            ["log_likelihood_total_variation"] = new(Enumerable.Range(1, Steps).Sum(k => Math.Abs((double)curve[k] - curve[k - 1]))),
            ["train_seconds"] = new(0.8 + (0.02 * width) + (0.05 * noise.NextDouble())),
            ["sample_seconds"] = new(0.1 + (0.002 * width)),
        }, new Dictionary<string, float[]>(StringComparer.Ordinal)
        {
            ["log_likelihood"] = curve, ["log_likelihood_x0"] = denoised, ["training_loss"] = loss,
        });
    }
}
